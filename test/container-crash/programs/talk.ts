/** A program's side of the talk: lines of JSON on its standard input and output. */
import { createInterface } from 'node:readline';

const STATUS_EACH_MS = 100;

export function tell(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Calls `take` with each line. Where the other end is gone, so is this process. */
export function listen(take: (message: unknown) => void): void {
  createInterface({ input: process.stdin })
    .on('line', (line) => take(JSON.parse(line)))
    .on('close', () => process.exit());
}

/** Calls `say` again and again until what it returns is called. */
export function regularly(say: () => void): () => void {
  const timer = setInterval(say, STATUS_EACH_MS);
  return () => clearInterval(timer);
}
