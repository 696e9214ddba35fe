import { StreamFold } from '../../../projections/streams/stream-fold.js';
import { candleIntervals, CandleTable } from '../../../projections/tape/candles.js';
import { windowStartMs } from '../../../projections/tape/ticker.js';
import { foldBatch } from '../../events/fold.js';
import type { WorkSlices } from '../feeds/hub/work-slices.js';
import type { FoldedLog } from './catch-up.js';
import type { LiveFold } from './live-fold.js';

const MINUTES_KEPT = 1_440;

/** Tells a live fold what the minutes of the last day came to: by a fold that begins before them, and ends where the live one stands. */
export async function tellDay(
  { log, start, clock }: FoldedLog,
  live: LiveFold,
  slices: WorkSlices,
  signal: AbortSignal,
): Promise<void> {
  const startMs = windowStartMs(clock());
  const fold = new StreamFold(await start(live.foldedTo, (model) => model.atMs < startMs));
  fold.minutes = new CandleTable([candleIntervals['1m']], MINUTES_KEPT);
  const arriving = new AbortController();
  const isThere = (): boolean => fold.foldedTo === live.foldedTo || signal.aborted;
  if (isThere()) arriving.abort();
  for await (const batch of log.follow(fold.foldedTo, AbortSignal.any([signal, arriving.signal]))) {
    foldBatch(batch, fold, fold.foldedTo);
    if (isThere()) break;
    await slices.turn();
    if (isThere()) break;
  }
  if (!signal.aborted) live.goOnWith(fold.minutes);
}
