/** What one member may ask of another: a verb of the exchange and its command. */
import {
  type Answer,
  type AuctionResult,
  type BookView,
  type ChangePhase,
  type InstrumentView,
  type IntentionAcknowledged,
  type IntentionChanged,
  type ListInstrument,
  type PostIntention,
  type ReduceIntention,
  type ReplaceIntention,
  shardOf,
  type Uncross,
  type WithdrawIntention,
} from '../exchange/commands.js';
import { shardOfSymbol } from './shard-of.js';

/** The command of each verb. */
export interface ClusterCommands {
  post: PostIntention;
  withdraw: WithdrawIntention;
  reduce: ReduceIntention;
  replace: ReplaceIntention;
  list: ListInstrument;
  changePhase: ChangePhase;
  uncross: Uncross;
  book: { readonly instrument: string; readonly depth: number };
  instrument: { readonly instrument: string };
  /** A page of them, as of InstrumentsPage; members of before this was told leave it out, and are given all. */
  instruments: { readonly shard: number; readonly after?: string | undefined; readonly limit?: number | undefined };
}

/** What each verb is answered. A read of what is not listed has no view. */
export interface ClusterAnswers {
  post: IntentionAcknowledged;
  withdraw: IntentionChanged;
  reduce: IntentionChanged;
  replace: IntentionChanged;
  list: InstrumentView;
  changePhase: InstrumentView;
  uncross: AuctionResult;
  book: { readonly view?: BookView };
  instrument: { readonly view?: InstrumentView };
  /** As of the shard's position; members of before this was told leave it out. */
  instruments: { readonly views: readonly InstrumentView[]; readonly position?: number };
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

/** What whoever gave a request is answered in the end. */
export type CarriedAnswer = Answer<ClusterAnswers[ClusterVerb]>;

/** What one member answers another. */
export type ClusterAnswer = CarriedAnswer | NotOwner;

/** Carried out twice, these do no more than once, so they may be sent again when nobody knows what became of them. */
const repeatable: ReadonlySet<ClusterVerb> = new Set(['post', 'list', 'book', 'instrument', 'instruments']);

export function isRepeatable({ verb }: ClusterRequest): boolean {
  return repeatable.has(verb);
}

/** Reads change nothing, so they go beside the commands and not behind them. */
export function isRead({ verb }: ClusterRequest): boolean {
  return verb === 'book' || verb === 'instrument' || verb === 'instruments';
}

/** The shard that a request is for; undefined where its intention cannot exist. */
export function shardOfRequest(request: ClusterRequest, shards: number): number | undefined {
  switch (request.verb) {
    case 'withdraw':
    case 'reduce':
    case 'replace':
      return shardOfId(request.command.id, shards);
    case 'list':
      return shardOfSymbol(request.command.symbol, shards);
    case 'instruments':
      return request.command.shard;
    default:
      return shardOfSymbol(request.command.instrument, shards);
  }
}

function shardOfId(id: string, shards: number): number | undefined {
  const shard = /^[1-9][0-9]{0,15}$/.test(id) ? shardOf(Number(id)) : shards;
  return shard < shards ? shard : undefined;
}
