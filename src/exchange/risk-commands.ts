/** Switches and limits in the words of their users, and as commands of a shard. */
import { type Refusal, refuse } from '../domain/refusal.js';
import type { LimitTerms } from '../domain/risk/risk-control.js';
import { isParticipant } from './posts/parse-post.js';
import type { Answer } from './commands.js';
import type { Shard, ShardCommand } from './shard/shard.js';

/** Sets a participant's dead man's switch, in every shard: unless it is set again in time, what the participant has open is withdrawn. */
export interface SetSwitch {
  readonly participant: string;
  /** 1,000 to 86,400,000; 0 takes it off. */
  readonly withinMs: number;
}

/** Where something stands: with one shard its position, with several that of each, by its number. */
export interface SetWhere {
  readonly position?: number;
  readonly positionByShard?: Readonly<Record<string, number>>;
}

export interface SwitchView extends SetWhere {
  readonly participant: string;
  readonly withinMs: number;
  /** RFC 3339; absent where it is off. With several shards, the earliest. */
  readonly lapsesAt?: string;
}

/** Sets what a participant may have and do, in an instrument or in each on its own: in place of what was set there before. */
export interface SetLimits extends LimitTerms {
  readonly participant: string;
  /** Symbol; every instrument where it is left out. */
  readonly instrument?: string | undefined;
}

/** What is absent is not limited. */
export interface LimitsView {
  readonly participant: string;
  /** Absent where they are for every instrument. */
  readonly instrument?: string;
  readonly openQuantity?: string;
  readonly netPosition?: string;
  readonly intentionsPerSecond?: number;
  readonly halted: boolean;
}

export type LimitsAnswer = Answer<LimitsView & SetWhere>;
export type SwitchAnswer = Answer<SwitchView>;

/** `starting` runs in its turn, before anything else. */
export function switchCommand(
  shard: Shard,
  { participant, withinMs }: SetSwitch,
  starting?: () => void,
): ShardCommand<SwitchAnswer> {
  return (engine, atMs) => {
    starting?.();
    if (!isParticipant(participant)) return refused(refuse('INVALID_PARTICIPANT'));
    const lapsesAtMs = engine.risk.setSwitch(participant, withinMs, atMs);
    if (typeof lapsesAtMs !== 'number') return refused(lapsesAtMs);
    const lapse = lapsesAtMs === 0 ? {} : { lapsesAt: new Date(lapsesAtMs).toISOString() };
    const position = lastOf(shard);
    return () => ({ ok: true, participant, withinMs, ...lapse, position });
  };
}

export function limitsCommand(shard: Shard, command: SetLimits): ShardCommand<LimitsAnswer> {
  return (engine, atMs) => {
    const { participant, instrument: symbol, ...terms } = command;
    if (!isParticipant(participant)) return refused(refuse('INVALID_PARTICIPANT'));
    const instrument = symbol === undefined ? undefined : shard.market.instrumentBySymbol(symbol);
    if (symbol !== undefined && instrument === undefined) return refused(refuse('UNKNOWN_INSTRUMENT'));
    const instrumentId = instrument?.instrumentId ?? 0;
    const set = engine.risk.setLimits(participant, instrumentId, terms, atMs);
    if (typeof set !== 'number') return refused(set);
    const participantId = shard.market.participantIds.get(participant) ?? 0;
    const view = viewOf(shard.market.limits.entry(participantId, instrumentId));
    return () => ({
      ok: true,
      participant,
      ...(symbol === undefined ? {} : { instrument: symbol }),
      ...view,
      position: set,
    });
  };
}

/** Of the event that was recorded last. */
function lastOf({ head }: Shard): number {
  return Math.max(0, head - 1);
}

function refused(refusal: Refusal): () => Refusal {
  return () => refusal;
}

type LimitNumbers = Pick<LimitsView, 'halted'> & {
  readonly openQuantity: string;
  readonly netPosition: string;
  readonly intentionsPerSecond: number;
};

/** A limit without what it does not limit; none limits nothing. */
export function viewOf(limit: LimitNumbers | undefined): Omit<LimitsView, 'participant' | 'instrument'> {
  const { openQuantity = '', netPosition = '', intentionsPerSecond = 0, halted = false } = limit ?? {};
  return {
    ...(openQuantity === '' ? {} : { openQuantity }),
    ...(netPosition === '' ? {} : { netPosition }),
    ...(intentionsPerSecond === 0 ? {} : { intentionsPerSecond }),
    halted,
  };
}
