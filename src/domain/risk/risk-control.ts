import type { Market } from '../market.js';
import type { PostTerms } from '../post-terms.js';
import type { Recorder } from '../recorder.js';
import { type Refusal, type RefusalCode, refuse } from '../refusal.js';
import { PostRefusal, postRefusalNames, WithdrawReason } from '../terms.js';
import { brokenLimit, parseLimit } from './limit-check.js';
import type { Withdrawals } from './withdrawals.js';

/** The shortest and the longest time within which a switch must be set again. */
export const MIN_WITHIN_MS = 1_000;
export const MAX_WITHIN_MS = 86_400_000;

/** Limits as an operator sets them, in place of those before: what is absent is not limited. */
export interface LimitTerms {
  /** Plain decimals. */
  readonly openQuantity?: string | undefined;
  readonly netPosition?: string | undefined;
  readonly intentionsPerSecond?: number | undefined;
  readonly halted?: boolean | undefined;
  /** What is open there is withdrawn. */
  readonly withdraw?: boolean | undefined;
}

/** Takes the commands about limits and switches, and says what limits refuse. Commands are taken as the engine takes them. */
export class RiskControl {
  private readonly market: Market;

  constructor(
    private readonly recorder: Recorder,
    private readonly withdrawals: Withdrawals,
  ) {
    this.market = recorder.market;
  }

  /** To be asked only where there are limits. Records that it refuses. */
  refusesPost(terms: PostTerms, participantId: number, atMs: number): RefusalCode | undefined {
    const { instrumentId, side, quantityLots: moreLots, clientIntentionId } = terms;
    const instrument = this.market.instrument(instrumentId);
    const code = brokenLimit(this.market, { participantId, instrument, side, moreLots, isPost: true }, atMs);
    if (code === undefined) return undefined;
    if (code !== PostRefusal.Rate || !this.market.limits.hasRefusedRate(participantId, atMs)) {
      this.recorder.postRefused({ participantId, instrumentId, clientIntentionId, code, atMs });
    }
    return postRefusalNames[code];
  }

  /** Likewise, of an intention whose open quantity is to grow by so much, or that is to lose its place. */
  refusesChange(row: number, moreLots: number, atMs: number): RefusalCode | undefined {
    const { negotiators } = this.market;
    const participantId = negotiators.participantId(row);
    const instrument = this.market.instrument(negotiators.instrumentId(row));
    const wish = { participantId, instrument, side: negotiators.side(row), moreLots, isPost: false };
    const code = brokenLimit(this.market, wish, atMs);
    return code === undefined ? undefined : postRefusalNames[code];
  }

  /** Sets a participant's switch, or takes it off (0). Returns when it lapses; 0 where it is off. */
  setSwitch(participant: string, withinMs: number, atMs: number): number | Refusal {
    if (!isWithin(withinMs)) {
      return refuse('INVALID_COMMAND', `withinMs is 0, or ${MIN_WITHIN_MS} to ${MAX_WITHIN_MS}`);
    }
    const known = this.market.participantIds.get(participant);
    if (withinMs === 0 && (known === undefined || this.market.switches.get(known) === undefined)) return 0;
    const participantId = this.admitted(participant, atMs);
    const lapsesAtMs = withinMs === 0 ? 0 : atMs + withinMs;
    this.recorder.switchSet({ participantId, withinMs, lapsesAtMs, atMs });
    return lapsesAtMs;
  }

  /** Sets a participant's limits in an instrument, or (0) in every one on its own; what they were before is gone. Returns the event's position. */
  setLimits(participant: string, instrumentId: number, terms: LimitTerms, atMs: number): number | Refusal {
    const openQuantity = parseLimit('openQuantity', terms.openQuantity);
    if (typeof openQuantity !== 'string') return openQuantity;
    const netPosition = parseLimit('netPosition', terms.netPosition);
    if (typeof netPosition !== 'string') return netPosition;
    const { intentionsPerSecond = 0, halted = false, withdraw: withdraws = false } = terms;
    if (!Number.isSafeInteger(intentionsPerSecond) || intentionsPerSecond < 0) {
      return refuse('INVALID_COMMAND', 'intentionsPerSecond is an integer, 1 or more');
    }
    const participantId = this.admitted(participant, atMs);
    const before = this.recorder.position;
    const limits = { openQuantity, netPosition, intentionsPerSecond, halted, withdraws };
    this.recorder.limitsSet({ participantId, instrumentId, ...limits, atMs });
    if (withdraws) {
      this.withdrawals.begin({ participantId, instrumentId, reason: WithdrawReason.Halted, before }, atMs);
    }
    return before;
  }

  private admitted(participant: string, atMs: number): number {
    const { participantIds, participants } = this.market;
    const known = participantIds.get(participant);
    if (known !== undefined) return known;
    const participantId = participants.length;
    this.recorder.participantAdmitted(participantId, participant, atMs);
    return participantId;
  }
}

function isWithin(withinMs: number): boolean {
  if (!Number.isSafeInteger(withinMs)) return false;
  return withinMs === 0 || (withinMs >= MIN_WITHIN_MS && withinMs <= MAX_WITHIN_MS);
}
