import type { Writable } from 'node:stream';

/** Writes, and waits for room if there is none, unless the connection closes first. */
export async function writeAll(output: Writable, text: string): Promise<void> {
  if (text === '' || output.destroyed || output.write(text)) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      output.off('drain', settle).off('close', settle);
      resolve();
    };
    output.once('drain', settle).once('close', settle);
  });
}
