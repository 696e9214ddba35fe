import { Readable } from 'node:stream';
import type { BookView } from '../../../src/exchange/commands.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { FlowClock, reproducible } from '../../../src/flow/play/flow-clock.js';
import { FlowPlayer, type FlowReport, type PlayOptions } from '../../../src/flow/play/player.js';
import { MemoryLog } from '../../support/log/memory-log.js';

export interface Played {
  readonly report: FlowReport;
  /** Of the instrument that was played on last, as the exchange has it in the end. */
  readonly book: BookView | undefined;
}

/** Plays a file made up for a test into the real exchange, on a log in memory. */
export async function played(
  text: string,
  options: Partial<PlayOptions> = {},
  log: MemoryLog = new MemoryLog(),
): Promise<Played> {
  const clock = new FlowClock();
  const exchange = await Exchange.open(log, reproducible(clock));
  clock.startAt(exchange.recorded.nowMs);
  try {
    const stdin = Readable.from([Buffer.from(text)]);
    const report = await new FlowPlayer(exchange, log, { clock, mismatchLimit: 100, stdin, ...options }).play('-');
    return { report, book: exchange.recorded.book(report.instruments.at(-1) ?? '', 1_000) };
  } finally {
    await exchange.close();
  }
}

/** What did not hold, in short: line, what was expected, what came. */
export function mismatchesIn({ mismatches }: FlowReport): (readonly [line: number, expected: string, got: string])[] {
  return mismatches.map(({ line, expected, got }) => [line, expected, got]);
}
