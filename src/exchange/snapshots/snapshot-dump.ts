/** What a snapshot holds of a shard's state, and how that is taken out and put back. */
import type { DealInFlight } from '../../domain/handshake/deals.js';
import type { AnsweredProposals } from '../../domain/handshake/answered-proposals.js';
import type { InstrumentTerms } from '../../domain/instrument.js';
import { Market } from '../../domain/market.js';
import type { Holding } from '../../domain/risk/exposures.js';
import type { Limits } from '../../domain/risk/limits.js';
import type { Owed } from '../../domain/risk/owed-withdrawals.js';
import type { Switches } from '../../domain/risk/switches.js';
import type { RememberedCommands } from '../../domain/negotiators/command-ids.js';
import type { Timer } from '../../domain/negotiators/timers.js';
import { IdempotencyIndex, type IdempotencyDump } from '../shard/idempotency-index.js';
import type { ShardState } from '../recovery/market-fold.js';

const counters = [
  'shard',
  'epoch',
  'shardRevision',
  'nowMs',
  'lastIntentionId',
  'arrivingId',
  'auctionInstrumentId',
  'intentionsPosted',
  'dealsConfirmed',
  'dealsAborted',
  'lotsDealt',
  'lateDecisions',
] as const;

/** What the log said up to a position, but for what is in the lists. */
export interface DumpedNumbers {
  readonly counters: Record<(typeof counters)[number], number>;
  /** Of the table of negotiators. */
  readonly rowsUsed: number;
  readonly firstFreeRow: number;
}

/** Whatever there may be many of. */
export interface DumpedLists {
  readonly participants: readonly string[];
  readonly instruments: readonly (InstrumentTerms & {
    phase: number;
    auctionPriceTicks: number;
    auctionLeftLots: number;
  })[];
  readonly deals: readonly (DealInFlight | undefined)[];
  readonly heard: ReturnType<AnsweredProposals['dump']>;
  readonly timers: readonly Timer[];
  readonly holdings: readonly Holding[];
  readonly switches: ReturnType<Switches['dump']>;
  readonly limits: ReturnType<Limits['dump']>['limits'];
  readonly rateRefusals: ReturnType<Limits['dump']>['rateRefusals'];
  readonly owed: readonly Owed[];
  readonly commandIds: readonly RememberedCommands[];
}

export interface Dump {
  readonly position: number;
  /** Of the latest sealed batch before the position. */
  readonly digest: Uint8Array;
  readonly numbers: DumpedNumbers;
  readonly lists: DumpedLists;
  /** The rows of the table of negotiators. */
  readonly words: Int32Array;
  /** In slices, one behind the other. */
  readonly clientIds: readonly IdempotencyDump[];
}

export const dumpedLists = [
  'participants',
  'instruments',
  'deals',
  'heard',
  'timers',
  'holdings',
  'switches',
  'limits',
  'rateRefusals',
  'owed',
  'commandIds',
] as const satisfies readonly (keyof DumpedLists)[];

export function dump(state: ShardState, position: number): Dump {
  const { market, clientIds, digest } = state;
  market.placeArriving();
  const { words, used: rowsUsed, firstFree: firstFreeRow } = market.negotiators.dump();
  const numbers = Object.fromEntries(counters.map((name) => [name, market[name]]));
  return {
    position,
    digest,
    numbers: { counters: numbers as DumpedNumbers['counters'], rowsUsed, firstFreeRow }, // the same names
    lists: {
      participants: market.participants,
      instruments: market.instruments.map(({ board: _board, ...terms }) => terms),
      deals: market.deals.dump(),
      heard: market.answered.dump(),
      timers: market.timers.entries(),
      holdings: market.exposures.holdings(),
      switches: market.switches.dump(),
      ...market.limits.dump(),
      owed: market.owed.all(),
      commandIds: market.commandIds.dump(),
    },
    words,
    clientIds: [clientIds.dump()],
  };
}

/** A change of what a snapshot holds may forget to raise its format; what is not there would be restored as nothing at all. */
export function mustBeWhole({ position, digest, numbers, lists, words, clientIds }: Dump): void {
  const isWhole =
    Number.isSafeInteger(position) &&
    digest instanceof Uint8Array &&
    dumpedLists.every((name) => Array.isArray(lists[name])) &&
    [...counters.map((name) => numbers.counters[name]), numbers.rowsUsed].every((each) => Number.isSafeInteger(each)) &&
    words instanceof Int32Array &&
    clientIds.length > 0 &&
    clientIds.every(areColumns);
  if (!isWhole) throw new Error('something of it is missing');
}

function areColumns({ seed, hashes, checks, contents, positions }: IdempotencyDump): boolean {
  return (
    Number.isSafeInteger(seed) &&
    [hashes, checks, contents].every((each) => each instanceof Int32Array && each.length === hashes.length) &&
    positions instanceof Float64Array &&
    positions.length === hashes.length
  );
}

/** Counters and time come from the dump. */
const UNTIMED = { revision: 0, atMs: 0 };

export function restore({ digest, numbers, lists, words, clientIds }: Dump): ShardState {
  const market = new Market();
  lists.instruments.forEach((instrument, index) => {
    market.applyInstrumentListed({ ...instrument, ...UNTIMED, instrumentId: index + 1 });
    const { phase, auctionPriceTicks, auctionLeftLots } = instrument;
    Object.assign(market.instrument(index + 1), { phase, auctionPriceTicks, auctionLeftLots });
  });
  lists.participants.forEach((name, participantId) => {
    if (participantId > 0) market.applyParticipantAdmitted({ ...UNTIMED, participantId, name });
  });
  market.negotiators.load({ words, used: numbers.rowsUsed, firstFree: numbers.firstFreeRow });
  market.deals.load(lists.deals);
  market.answered.load(lists.heard);
  for (const timer of lists.timers) market.timers.add(timer);
  market.commandIds.load(lists.commandIds);
  market.rebuildBoards();
  market.switches.load(lists.switches);
  market.limits.load(lists);
  for (const owed of lists.owed) market.owed.add(owed);
  market.exposures.load(lists.holdings);
  market.exposures.watch(market.limits.isAny, market.negotiators);
  for (const name of counters) market[name] = numbers.counters[name];
  return { market, clientIds: IdempotencyIndex.restore(clientIds), digest: digest.slice() }; // not the buffer around it
}
