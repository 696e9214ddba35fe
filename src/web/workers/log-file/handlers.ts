/** What the worker of logs does when it is called. */
import { followEvents } from '../../../client/feeds/event-stream.js';
import { ParleyError } from '../../../client/wire/error.js';
import { transportOf } from '../../../client/wire/options.js';
import type { MakeSha256 } from '../../../log/sha256.js';
import type { Handlers } from '../../source/worker-calls.js';
import type { Source } from '../../source/source.js';
import type { LogCalls, SourceMethod } from '../log-calls.js';
import { affairViews } from './affair-views.js';
import { auditFeed } from './audit-feed.js';
import { LogFile } from './log-file.js';
import { marketViews } from './market-views.js';
import { placeViews } from './place-views.js';
import { auditFile, replayFile } from './proofs.js';
import { tellingViews } from './telling-views.js';

/** All that the views ask of a source, answered from a file. */
export function sourceOf(file: LogFile): Omit<Source, 'kind'> {
  return { ...marketViews(file), ...affairViews(file), ...placeViews(file), ...tellingViews(file) };
}

const methods: Readonly<Record<SourceMethod, true>> = {
  ...{ instruments: true, tickers: true, ticker: true, book: true, trades: true, candles: true },
  ...{ intention: true, intentions: true, deal: true, deals: true, positions: true, doubts: true },
  ...{ why: true, intentionChart: true, dealChart: true, chartAs: true, timeline: true, moment: true, events: true },
};

/** Handlers that share one file: the one that was opened last. */
export function logHandlers(sha256: MakeSha256): Handlers<LogCalls> {
  let opened: { readonly file: LogFile; readonly source: Omit<Source, 'kind'> } | undefined;
  const current = (): NonNullable<typeof opened> => {
    if (opened === undefined) throw new ParleyError(0, 'NO_FILE', 'no file is open');
    return opened;
  };
  const told = Object.keys(methods).map((name) => {
    // Each is called with its own arguments, as LogCalls says.
    const call = (args: readonly unknown[]): unknown =>
      (current().source[name as SourceMethod] as (...given: readonly unknown[]) => unknown)(...args);
    return [name, call];
  });
  return {
    ...(Object.fromEntries(told) as Pick<Handlers<LogCalls>, SourceMethod>), // of each method
    events: ([query], { signal }) => current().source.events({ ...query, signal }),
    open: async ([blob], { signal, progress }) => {
      opened = undefined;
      const onProgress = (bytes: number): void => progress(bytes, blob.size);
      const file = await LogFile.open(blob, { sha256, signal, onProgress });
      opened = { file, source: sourceOf(file) };
      return file.told;
    },
    replay: ([asked], { signal, progress }) => {
      const { file } = current();
      return replayFile(file, { ...asked, signal }, (position) => progress(position, file.head));
    },
    audit: (_args, { signal, progress }) => {
      const { file } = current();
      return auditFile(file, { signal, onProgress: (position) => progress(position, file.head) });
    },
    auditServer: ([{ url, key, shard, head }], { signal, progress }) => {
      const events = followEvents(transportOf({ url, key }), { from: 0, shard, signal });
      const onProgress = (position: number): void => progress(position, head);
      return auditFeed({ shard: shard ?? 0, events, head }, { sha256, signal, onProgress });
    },
  };
}
