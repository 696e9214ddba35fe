import type { Command } from 'commander';
import { LedgerFold } from '../../../../projections/ledger/ledger.js';
import type { PositionView } from '../../../../projections/ledger/postings.js';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { toHex } from '../../../events/bytes.js';
import { FanOut } from '../../../events/handlers.generated.js';
import { countsOf } from '../../../exchange/recovery/market-counts.js';
import { replay } from '../../../exchange/recovery/recovery.js';
import type { SnapshotStore } from '../../../exchange/snapshots/snapshots.js';
import { stateDigest } from '../../../exchange/recovery/state-digest.js';
import type { FoundLog, ShardLog } from '../../../log/port.js';
import { positionText } from '../../../log/position-text.js';
import { endOf, mustNameShard, readHistory } from '../../reports/log/history.js';
import { overheard } from '../../reports/log/overheard.js';
import type { ReadMarket } from '../../../app/logs/market.js';
import { readingMarket } from '../../options/logs/with-market.js';
import { atOption, type AtOptions, formatOf, type OutputOptions } from '../../options/options.js';
import { positionsIn } from '../../reports/log/positions-in.js';
import { positionRows } from '../look/positions.js';
import { fieldsOf, RowWriter, writeRows } from '../../terminal/rows.js';
import { grouped } from '../../../app/grouped.js';
import { writeFields } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface ReplayOptions extends AtOptions, OutputOptions {
  readonly snapshots?: true;
}

const SHOWN_POSITIONS = 10;

export function replayVerb(terminal: Terminal): Command {
  return new Verb('replay')
    .description(
      'Rebuilds the state of the exchange from its log, and prints the result: counts, participants’ positions, and a digest of ' +
        'the state, which is the same for every replay of the same log. It only reads, and may run beside the exchange. Several shards ' +
        'are replayed one after the other; a position is of one of them: SHARD/POSITION.',
    )
    .option('--snapshots', 'begin at the newest snapshot that fits, instead of at the first event')
    .logOptions()
    .addOption(atOption())
    .outputOptions('one JSON object a shard')
    .examples(['parley replay', 'the whole log'], ['parley replay --at 5000 --json', 'the state before position 5000'])
    .action(async (options: ReplayOptions, command: Command) => {
      const as = formatOf(options);
      const records = new RowWriter<ReplayReport>(terminal.out, as, { columns: [], fields });
      const replayAll = async (shards: ReadMarket): Promise<void> => {
        mustNameShard(shards, '--at', options.at);
        let isFirst = true;
        for await (const log of shards.all()) {
          if (!isFirst && as === 'table') await terminal.out.line();
          isFirst = false;
          const until = await endOf(log, options.at);
          const target = await shards.target(log.shard);
          const replayed = {
            shard: shards.isSharded ? log.shard : undefined,
            ...(options.snapshots === true
              ? await replayFromSnapshot(terminal, log, until, await target.snapshots())
              : await replayWhole(terminal, log, until)),
          };
          await (as === 'table' ? writeReplay(terminal, replayed, shards.shown(log.shard)) : records.write([replayed]));
        }
      };
      await readingMarket(terminal, command, replayAll, [options.at]);
    });
}

/** Replays a shard from its first event on, and its ledger with it: the log is read once. */
async function replayWhole(terminal: Terminal, log: ShardLog, until: number): Promise<Replayed> {
  const directory = new DirectoryFold();
  const made = new LedgerFold();
  const market = await replayMarket(terminal, overheard(log, new FanOut([directory, made]), until), { until });
  return { ...market, positions: positionsIn({ directory, made }) };
}

/** Replays a shard from its newest snapshot on. Its ledger is in none: for that the whole log is read. */
async function replayFromSnapshot(
  terminal: Terminal,
  log: ShardLog,
  until: number,
  snapshots: SnapshotStore,
): Promise<Replayed> {
  const market = await replayMarket(terminal, log, { until, snapshots });
  const history = await readHistory(terminal, log, { at: { position: until } }, () => new LedgerFold());
  return { ...market, positions: positionsIn(history) };
}

/** Replays a shard, and counts what there is. */
async function replayMarket(terminal: Terminal, log: FoundLog['log'], options: Parameters<typeof replay>[1]) {
  const startedMs = performance.now();
  const { state, head, events } = await terminal.withProgress('replaying', 'events', (onReplay) =>
    replay(log, { ...options, onReplay }),
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  const { market } = state;
  return {
    /** Position before which all events are in the state. */
    head,
    /** How many events were read; fewer than the head where a snapshot was used. */
    events,
    ...{ seconds, eventsPerSecond: Math.round(events / seconds) },
    ...countsOf(market),
    stateDigest: stateDigest(market),
    /** Of the last batch that ends before the head. */
    batchDigest: toHex(state.digest),
  };
}

interface Replayed extends Awaited<ReturnType<typeof replayMarket>> {
  readonly positions: readonly PositionView[];
}

/** A replayed shard, with its number where there are several. */
interface ReplayReport extends Replayed {
  readonly shard: number | undefined;
}

const own = fieldsOf<Omit<ReplayReport, 'positions'>>({
  ...{ shard: true, head: true, events: true, seconds: true, eventsPerSecond: true, epoch: true, instruments: true },
  ...{ participants: true, intentions: true, openIntentions: true, dealsConfirmed: true, dealsAborted: true },
  ...{ dealsInFlight: true, lateDecisions: true, stateDigest: true, batchDigest: true },
});
const fields = [...own, ...positionRows.fields.map((name) => `positions.${name}`)];

async function writeReplay(
  { out }: Terminal,
  { shard, positions, ...market }: ReplayReport,
  shown: number | undefined,
): Promise<void> {
  await writeFields(out, [
    ['shard', shard === undefined ? undefined : String(shard)],
    ['before position', positionText(market.head, shown)],
    ['events replayed', `${grouped(market.events)} in ${market.seconds.toFixed(3)} s`],
    ['events a second', grouped(market.eventsPerSecond)],
    ['epoch', String(market.epoch)],
    ['instruments', grouped(market.instruments)],
    ['participants', grouped(market.participants)],
    ['intentions', `${grouped(market.intentions)}, ${grouped(market.openIntentions)} of them open`],
    ['deals confirmed', grouped(market.dealsConfirmed)],
    ['deals aborted', grouped(market.dealsAborted)],
    ['deals in flight', grouped(market.dealsInFlight)],
    ['late decisions', grouped(market.lateDecisions)],
    ['state digest', market.stateDigest],
    ['batch digest', market.batchDigest],
  ]);
  await out.line();
  await writeRows(out, 'table', positions.slice(0, SHOWN_POSITIONS), positionRows);
  const more = positions.length - SHOWN_POSITIONS;
  if (more > 0) await out.line(`and ${grouped(more)} more: parley positions --data …`);
}
