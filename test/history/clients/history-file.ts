/** A history as lines of JSON: one for each operation and each event of the log, however long it is. */
import fs from 'node:fs';
import readline from 'node:readline';
import type { History, LogEvent, Operation } from '../checker/history.js';

export type HistoryLine = { readonly operation: Operation } | { readonly event: LogEvent };

export function* linesOf({ operations, log }: History): Generator<HistoryLine> {
  for (const operation of operations) yield { operation };
  for (const event of log) yield { event };
}

/** Puts a history together again. */
export class HistoryLines implements History {
  readonly operations: Operation[] = [];
  readonly log: LogEvent[] = [];

  add(line: HistoryLine): void {
    if ('operation' in line) this.operations.push(line.operation);
    else this.log.push(line.event);
  }
}

export function writeHistory(file: string, history: History): void {
  const opened = fs.openSync(file, 'w');
  for (const line of linesOf(history)) fs.writeSync(opened, `${JSON.stringify(line)}\n`);
  fs.closeSync(opened);
}

export async function readHistory(file: string): Promise<History> {
  const read = new HistoryLines();
  for await (const text of readline.createInterface({ input: fs.createReadStream(file) })) {
    read.add(JSON.parse(text) as HistoryLine); // as it is written
  }
  return read;
}
