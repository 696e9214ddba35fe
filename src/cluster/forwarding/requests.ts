/** The requests between members of a cluster, each a verb of the exchange and its command, and their answers. */
import {
  type AllWithdrawn,
  type Answer,
  type BookView,
  type InstrumentView,
  shardOf,
  type WithdrawAll,
  type WithdrawIntention,
} from '../../exchange/commands.js';
import type { ExchangePort } from '../../exchange/port.js';
import type { LimitsAnswer, SetLimits, SetSwitch, SwitchAnswer } from '../../exchange/risk-commands.js';
import { shardOfSymbol } from '../shard-of.js';

/** The verbs that change something. */
type ExchangeVerb = 'post' | 'withdraw' | 'reduce' | 'replace' | 'list' | 'changePhase' | 'uncross';

/** What is done in each shard by itself: each request is for one. */
interface ShardCommands {
  readonly setSwitch: SetSwitch & { readonly shard: number };
  readonly setLimits: SetLimits & { readonly shard: number };
}

type ExchangeCommands = { readonly [Verb in ExchangeVerb]: Parameters<ExchangePort[Verb]>[0] };
type ExchangeAnswers = { readonly [Verb in ExchangeVerb]: Awaited<ReturnType<ExchangePort[Verb]>> };

/** The command of each verb. */
export interface ClusterCommands extends ExchangeCommands, ShardCommands {
  /** Of one shard. */
  readonly withdrawAll: WithdrawAll & { readonly shard: number };
  readonly book: { readonly instrument: string; readonly depth: number };
  readonly instrument: { readonly instrument: string };
  /** A page of them, as of InstrumentsPage; members of an earlier version leave it out, and are given all. */
  readonly instruments: {
    readonly shard: number;
    readonly after?: string | undefined;
    readonly limit?: number | undefined;
  };
}

/** What a shard lists, as of its position; members of an earlier version leave the position out. */
export interface ListedInstruments {
  readonly views: readonly InstrumentView[];
  readonly position?: number;
}

/** What each verb is answered. A read of what is not listed has no view. */
export interface ClusterAnswers extends ExchangeAnswers {
  readonly setSwitch: SwitchAnswer;
  readonly setLimits: LimitsAnswer;
  readonly withdrawAll: Answer<Omit<AllWithdrawn, 'positions'> & { readonly position: number }>;
  readonly book: Answer<{ readonly view?: BookView }>;
  readonly instrument: Answer<{ readonly view?: InstrumentView }>;
  readonly instruments: Answer<ListedInstruments>;
}

export type ClusterVerb = keyof ClusterCommands;

export type ClusterRequest = {
  [Verb in ClusterVerb]: { readonly verb: Verb; readonly command: ClusterCommands[Verb] };
}[ClusterVerb];

/** Said between members only: the one that was asked does not serve the shard, and has done nothing. */
export interface NotOwner {
  readonly ok: false;
  readonly code: 'NOT_OWNER';
  readonly detail: string;
}

/** What the caller receives in the end. */
export type CarriedAnswer = ClusterAnswers[ClusterVerb];

/** What one member answers another. */
export type ClusterAnswer = CarriedAnswer | NotOwner;

/** Carried out twice, these do no more than once, so they may be sent again when their outcome is unknown. */
const repeatable: ReadonlySet<ClusterVerb> = new Set([
  ...(['post', 'withdraw', 'list', 'book', 'instrument', 'instruments'] as const),
  ...(['setSwitch', 'setLimits'] as const),
]);

/** A change is when it has an id to be known by. */
export function isRepeatable({ verb, command }: ClusterRequest): boolean {
  return repeatable.has(verb) || ('clientCommandId' in command && command.clientCommandId !== undefined);
}

/** Reads change nothing, so they go beside the commands and not behind them. */
export function isRead({ verb }: ClusterRequest): boolean {
  return verb === 'book' || verb === 'instrument' || verb === 'instruments';
}

/** The shard that a request is for; undefined where its intention cannot exist, or where it does not say in which shard that is. */
export function shardOfRequest(request: ClusterRequest, shards: number): number | undefined {
  switch (request.verb) {
    case 'withdraw':
    case 'reduce':
    case 'replace':
      return shardOfIntention(request.command, shards);
    case 'list':
      return shardOfSymbol(request.command.symbol, shards);
    case 'instruments':
    case 'withdrawAll':
    case 'setSwitch':
    case 'setLimits':
      return request.command.shard;
    default:
      return shardOfSymbol(request.command.instrument, shards);
  }
}

function shardOfIntention({ id, instrument }: WithdrawIntention, shards: number): number | undefined {
  if (id === undefined)
    return instrument === undefined && shards > 1 ? undefined : shardOfSymbol(instrument ?? '', shards);
  const shard = /^[1-9][0-9]{0,15}$/.test(id) ? shardOf(Number(id)) : shards;
  return shard < shards ? shard : undefined;
}
