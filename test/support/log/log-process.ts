/**
 * Another process with the same log, for tests: `tsx log-process.ts FOLDER`. It does what each line on stdin says and answers with one
 * line of JSON on stdout; `LogChild` in log-child.ts is its other end, without which it ends.
 */
import { createInterface } from 'node:readline';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import type { LogWriter } from '../../../src/log/port.js';
import { Sealer } from './batches.js';

const [folder = ''] = process.argv.slice(2);
const log = new EmbeddedLog({ folder });
let writer: LogWriter | undefined;

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function open(): Promise<void> {
  try {
    writer = await log.open();
    say({ epoch: writer.epoch, head: writer.head });
  } catch (error) {
    say({ error: String(error) });
  }
}

/** Appends batches of `events` and a BatchSealed, and says how each went. */
async function append(batches: number, events: number): Promise<void> {
  if (writer === undefined) throw new Error('not open');
  for (let index = 0; index < batches; index++) {
    const outcome = await writer.append(new Sealer(writer.head).sealSome(events));
    say({ outcome, head: writer.head });
  }
}

async function follow(from: number): Promise<void> {
  for await (const { firstPosition, count } of log.follow(from, new AbortController().signal)) {
    say({ seen: firstPosition + count });
  }
}

async function obey(line: string): Promise<void> {
  const [verb, ...numbers] = line.split(' ');
  const [first = 0, second = 0] = numbers.map(Number);
  switch (verb) {
    case 'open':
      return open();
    case 'append':
      return append(first, second);
    case 'follow':
      return follow(first);
    case 'close':
      await writer?.close();
      say({ closed: true });
      return;
    default:
      throw new Error(`what is ${line}?`);
  }
}

const lines = createInterface({ input: process.stdin });
lines.once('close', () => process.exit()); // nobody is there any more, whatever goes on here
say({ ready: true });
for await (const line of lines) await obey(line);
