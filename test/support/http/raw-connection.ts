import { connect } from 'node:net';

/** A head and a body, as one would type them. */
export function rawPost(
  body: string,
  headers: readonly string[] = [`content-length: ${Buffer.byteLength(body)}`],
): string {
  const head = ['POST /v1/intentions HTTP/1.1', 'host: localhost', 'content-type: application/json', ...headers];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Sends bytes on a connection of their own, in pieces; resolves to all that comes back until it closes or stays silent. */
export async function sendRaw(port: number, pieces: readonly (string | Buffer)[], silenceMs = 60): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const received: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, 4 * silenceMs);
    socket.on('data', (bytes: Buffer) => {
      received.push(bytes);
      clearTimeout(timer);
      timer = setTimeout(resolve, silenceMs);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  socket.on('error', () => undefined); // a connection that is cut is an answer too
  for (const piece of pieces) await new Promise<void>((resolve) => void socket.write(piece, () => resolve()));
  await ended;
  socket.destroy();
  return Buffer.concat(received).toString();
}
