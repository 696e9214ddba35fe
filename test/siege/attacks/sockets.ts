import { connect, type Socket } from 'node:net';

/** Open until the signal aborts, or the server closes it: then `onClosed` is called. Its errors are not reported. */
export function openSocket(port: number, signal: AbortSignal, onClosed: () => void = () => undefined): Socket {
  const socket = connect({ host: '127.0.0.1', port });
  const end = (): void => void socket.destroy();
  signal.addEventListener('abort', end, { once: true });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    signal.removeEventListener('abort', end);
    if (!signal.aborted) onClosed();
  });
  return socket;
}

export function head(method: string, url: string, key?: string, more = ''): string {
  const authorization = key === undefined ? '' : `authorization: Bearer ${key}\r\n`;
  return `${method} ${url} HTTP/1.1\r\nhost: 127.0.0.1\r\n${authorization}${more}\r\n`;
}

const NEWLINE = 10;

/** How many line ends there are. */
export function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
