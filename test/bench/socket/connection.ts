import { connect, type Socket } from 'node:net';
import { FrameReader, pong } from './frames.js';

const HEADER_END = '\r\n\r\n';
const KEY = Buffer.from('parley benchmark').toString('base64');

/** Opens a WebSocket to this machine, and hands over the messages that come on it. What goes wrong once it is open ends the process. */
export async function openSocket(port: number, onMessage: (body: Buffer) => void): Promise<Socket> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const made = connect({ host: '127.0.0.1', port, noDelay: true }, () => resolve(made));
    made.once('error', reject);
  });
  socket.write(
    `GET /v1/ws HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${KEY}${HEADER_END}`,
  );
  const reader = new FrameReader(onMessage, () => socket.write(pong));
  let head = '';
  let isOpen = false;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      socket.removeAllListeners('close').destroy();
      if (isOpen) throw error;
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    socket.on('error', fail).on('close', () => fail(new Error('the server closed a connection')));
    const greeted = (bytes: Buffer): void => {
      head += bytes.toString('latin1');
      const end = head.indexOf(HEADER_END);
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 101')) fail(new Error(`the server answered ${head.slice(0, 300)}`));
      socket.off('data', greeted).on('data', (more) => {
        try {
          reader.push(more);
        } catch (error) {
          fail(error);
        }
      });
      reader.push(Buffer.from(head.slice(end + HEADER_END.length), 'latin1'));
      isOpen = true;
      resolve();
    };
    socket.on('data', greeted);
  });
  return socket;
}
