import { Command } from 'commander';
import { DirectoryFold } from '../../projections/directory/directory.js';
import { shownInstrument } from '../../projections/directory/views.js';
import { LedgerFold } from '../../projections/ledger/ledger.js';
import { type PositionView, positionView } from '../../projections/ledger/postings.js';
import { toHex } from '../events/bytes.js';
import { replay } from '../exchange/recovery.js';
import { stateDigest } from '../exchange/state-digest.js';
import type { ShardLog } from '../log/port.js';
import { endOf, foldHistory } from './history.js';
import { addLogOptions } from './log-target/log-options.js';
import type { LogTarget } from './log-target/log-target.js';
import { readingMarket } from './log-target/market.js';
import {
  atOption,
  type AtOptions,
  dataOption,
  type DataOptions,
  examples,
  jsonOption,
  type JsonOptions,
} from './options.js';
import { writePositions } from './positions.js';
import { grouped, writeFields } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface ReplayOptions extends DataOptions, AtOptions, JsonOptions {
  readonly snapshots?: true;
}

const SHOWN_POSITIONS = 10;

export function replayVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('replay'))
    .summary('rebuilds everything from the log')
    .description(
      'Rebuilds the state of the exchange from its log, and prints what came of it: counts, participants’ positions, and a digest of ' +
        'the state, which is the same whoever replays the same log. It only reads, and may run beside the exchange. Several shards ' +
        'are replayed one after the other; a position can be given for one alone (--shard).',
    )
    .option('--snapshots', 'begin at the newest snapshot that fits, instead of at the first event')
    .addOption(dataOption())
    .addOption(atOption())
    .addOption(jsonOption('one JSON object a shard'))
    .addHelpText(
      'after',
      examples(
        ['parley replay', 'the whole log'],
        ['parley replay --at 5000 --json', 'the state before position 5000'],
      ),
    )
    .action(async (options: ReplayOptions, command: Command) => {
      await readingMarket(terminal, command, async (shards) => {
        if (options.at !== undefined) shards.mustBeOne('--at');
        let isFirst = true;
        for await (const log of shards.all()) {
          if (!isFirst && options.json !== true) await terminal.out.line();
          isFirst = false;
          const until = await endOf(log, options.at);
          const place = await shards.place(log.shard);
          const market = await replayMarket(terminal, place, log, until, options);
          const positions = await replayPositions(terminal, log, until);
          const shard = shards.isSharded ? log.shard : undefined;
          await (options.json === true
            ? terminal.out.json({ shard, ...market, positions })
            : writeReplay(terminal, market, positions, shard));
        }
      });
    });
}

/** What a replay of the shard came to. */
interface ReplayedMarket {
  /** Position before which all events are in the state. */
  readonly head: number;
  /** How many events were read; fewer than the head where a snapshot was used. */
  readonly events: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly epoch: number;
  readonly instruments: number;
  readonly participants: number;
  readonly intentions: number;
  readonly openIntentions: number;
  readonly dealsConfirmed: number;
  readonly dealsAborted: number;
  readonly dealsInFlight: number;
  readonly lateDecisions: number;
  readonly stateDigest: string;
  /** Of the last batch that ends before the head. */
  readonly batchDigest: string;
}

async function replayMarket(
  terminal: Terminal,
  place: LogTarget,
  log: ShardLog,
  until: number,
  { snapshots }: ReplayOptions,
): Promise<ReplayedMarket> {
  const progress = terminal.progress('replaying', 'events');
  const onReplay = (position: number, head: number): void => {
    terminal.throwIfStopped();
    progress.update(position, head);
  };
  const startedMs = performance.now();
  try {
    const from = snapshots === true ? { snapshots: await place.snapshots() } : {};
    const { state, head, events } = await replay(log, { ...from, until, onReplay });
    const seconds = (performance.now() - startedMs) / 1_000;
    const { market } = state;
    return {
      ...{ head, events, seconds, eventsPerSecond: Math.round(events / seconds) },
      epoch: market.epoch,
      instruments: market.instruments.length,
      participants: market.participants.filter((name) => name !== '').length,
      intentions: market.intentionsPosted,
      openIntentions: market.negotiators.size,
      dealsConfirmed: market.dealsConfirmed,
      dealsAborted: market.dealsAborted,
      dealsInFlight: market.deals.size,
      lateDecisions: market.lateDecisions,
      stateDigest: stateDigest(market),
      batchDigest: toHex(state.digest),
    };
  } finally {
    progress.stop();
  }
}

async function replayPositions(terminal: Terminal, log: ShardLog, until: number): Promise<readonly PositionView[]> {
  const ledger = new LedgerFold();
  const directory = new DirectoryFold();
  await foldHistory(terminal, log, [directory, ledger], until);
  return ledger
    .positions()
    .map((position) =>
      positionView(
        shownInstrument(directory, position.instrumentId),
        directory.participantName(position.participantId),
        position,
      ),
    );
}

async function writeReplay(
  { out }: Terminal,
  market: ReplayedMarket,
  positions: readonly PositionView[],
  shard: number | undefined,
): Promise<void> {
  await writeFields(out, [
    ['shard', shard === undefined ? undefined : String(shard)],
    ['before position', grouped(market.head)],
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
  await writePositions(out, positions.slice(0, SHOWN_POSITIONS));
  const more = positions.length - SHOWN_POSITIONS;
  if (more > 0) await out.line(`and ${grouped(more)} more: parley positions --data …`);
}
