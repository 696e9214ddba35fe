/** What the audit can find. Codes are stable; each says what is wrong, and which invariant it breaks, if it breaks one. */
import type { InvariantNumber } from '../invariants.js';

/** A violation is something that no correct exchange writes. A note is worth knowing and may well happen, above all at the head of a log. */
export type Severity = 'violation' | 'note';

export interface FindingKind {
  readonly says: string;
  readonly invariant?: InvariantNumber;
  readonly severity?: Severity;
}

export const findingKinds = {
  LOG_DAMAGED: { says: 'the log holds a frame that no writer can have written' },
  LOG_LOST: { says: 'something beside the log knows of events that it does not hold' },
  ANCHOR_NOT_HELD: { says: 'the log does not hold what an anchor says that it held' },
  EVENT_DAMAGED: { says: 'a batch holds bytes that are no event' },
  POSITION_GAP: { says: 'a batch does not begin where the one before it ended' },
  COUNT_DIFFERS: { says: 'a batch holds more or fewer events than it says' },
  BATCH_UNSEALED: { says: 'a batch does not end with BatchSealed' },
  SEAL_MISPLACED: { says: 'a BatchSealed stands within a batch' },
  DIGEST_MISMATCH: { says: 'a batch’s digest is not that of its events and the digest before it' },
  REVISION_GAP: { says: 'an event does not have the next revision of its stream' },

  NOT_STARTED: { says: 'an event stands before the first ShardStarted' },
  LOG_REPAIRED: { says: 'a repair ended the log before damage, and what stood behind it is gone', severity: 'note' },
  LOSS_ACCEPTED: { says: 'an operator let the shard go on without events that it once held', severity: 'note' },
  SHARD_DIFFERS: { says: 'a writer of another shard wrote into this log' },
  EPOCH_NOT_HIGHER: { says: 'a writer’s epoch is not above that of the writer before it' },
  PARTICIPANT_REUSED: { says: 'a participant’s number or name is given a second time' },
  INSTRUMENT_CHANGED: {
    says: 'a listed instrument’s symbol, decimals, tick or lot changed, or its symbol belongs to another',
  },
  LISTING_INVALID: { says: 'an instrument is listed with decimals, a tick or a lot that none can have' },
  LIMITS_INVALID: { says: 'limits are set that are no plain decimal quantities' },
  UNKNOWN_PARTICIPANT: { says: 'no such participant was admitted' },
  UNKNOWN_INSTRUMENT: { says: 'no such instrument is listed' },
  WRONG_PHASE: { says: 'the instrument’s phase does not allow this' },

  ID_OUT_OF_ORDER: { says: 'an intention does not have the next id' },
  CLIENT_ID_REUSED: { says: 'a participant’s client id stands for two intentions' },
  COMMAND_REPEATED: { says: 'a command that is known by its client’s id changed its intention a second time' },
  TERMS_INVALID: { says: 'an intention’s terms make no sense' },
  PRICE_OUT_OF_BAND: { says: 'a limit lies outside its instrument’s band' },
  UNKNOWN_INTENTION: { says: 'no such intention was posted' },
  INTENTION_CLOSED: { says: 'an intention acts that is filled, withdrawn or expired' },
  WITHDRAWAL_UNFOUNDED: { says: 'the reason of a withdrawal cannot be true' },
  EXPIRY_UNFOUNDED: { says: 'an intention expired early, or has no time at which it expires' },

  DEAL_NUMBER_GAP: { says: 'a proposal does not have its initiator’s next deal number' },
  PROPOSAL_UNFOUNDED: { says: 'a proposal’s two sides do not fit each other' },
  YOUNGER_PROPOSED: { says: 'the younger intention proposed to the older one' },
  PRICE_RULE_BROKEN: {
    says: 'a proposal’s price is not the one that the instrument’s price rule or the auction gives',
  },
  UNKNOWN_DEAL: { says: 'no such deal was proposed' },
  ANSWER_UNFOUNDED: { says: 'an answer does not fit its proposal, or is a second one' },
  DECISION_DIFFERS: { says: 'a confirmation does not say what was proposed and accepted' },
  ABORT_UNFOUNDED: { says: 'the reason of an abort cannot be true' },
  FOREIGN_DECISION: {
    says: 'a deal was decided whose initiator lives in another shard, where alone it can be',
    invariant: 'I3',
  },
  SETTLED_TWICE: { says: 'a side settles a deal that it has settled, or has no part in', invariant: 'I10' },
  LATE_DECISION: { says: 'a deal was decided a second time; the first decision holds', severity: 'note' },
  COMMAND_WHILE_IN_DOUBT: { says: 'a command was taken while a deal was undecided or unsettled', invariant: 'I8' },

  I1_OVERFILLED: { says: 'filled and reserved quantity together exceed an intention’s quantity', invariant: 'I1' },
  I2_FILL_WITHOUT_ENTRY: { says: 'a fill has no decision that it rests on', invariant: 'I2' },
  I2_ENTRY_WITHOUT_FILLS: { says: 'a confirmed deal was not filled on both sides', invariant: 'I2' },
  I3_SETTLED_DIFFERS: { says: 'a side settled otherwise than the deal was decided', invariant: 'I3' },
  I4_RELEASED_UNDECIDED: { says: 'a reservation was released before its deal was decided', invariant: 'I4' },
  I5_NOT_RESERVED: { says: 'a deal was confirmed without both reservations before it', invariant: 'I5' },
  I5_PRICE_OUTSIDE_LIMITS: { says: 'a confirmed price does not lie between both limits', invariant: 'I5' },
  I6_UNBALANCED: { says: 'the postings of an instrument do not sum to zero', invariant: 'I6' },
  I9_PASSED_OVER: { says: 'a better or older willing intention was passed over', invariant: 'I9' },

  I12_BEYOND_LIMIT: { says: 'an intention was taken beyond a limit of its participant', invariant: 'I12' },
  I13_NOT_LAPSED: { says: 'a switch was overdue and a command was taken before it lapsed', invariant: 'I13' },
  I13_NOT_WITHDRAWN: {
    says: 'what a lapsed switch or a halt had to withdraw was still open when a later command was taken',
    invariant: 'I13',
  },
  SWITCH_UNFOUNDED: { says: 'a switch lapsed early, or was none, or its times do not fit each other' },
  REFUSAL_UNFOUNDED: { says: 'a post was refused by a limit that there was not' },

  NOT_ARRIVING: { says: 'outside an auction, a proposal went to an intention that was not arriving' },
  ARRIVAL_UNFINISHED: { says: 'an arrival ended though it could still deal, or its rest was not withdrawn' },
  FILL_OR_KILL_BROKEN: { says: 'a fill-or-kill intention was filled in part, or killed though it could be filled' },
  POST_ONLY_DEALT: { says: 'a post-only intention dealt as it arrived' },
  SELF_TRADE: { says: 'a participant dealt with itself though the instrument’s rule forbids it' },

  AUCTION_PRICE: { says: 'an auction’s price is not the one that its rule gives' },
  AUCTION_VOLUME: { says: 'an auction’s volume is not the most that can be dealt, or not what its deals add up to' },
  AUCTION_PAIRING: { says: 'an auction’s pairs are not in the order of market, price and time' },
  MARKET_LEFT_STANDING: { says: 'a market intention still stands after its auction' },
  AUCTION_DISTURBED: {
    says: 'an auction fell short of its volume because a party failed, declined, or was bound to another shard',
    severity: 'note',
  },

  DEAL_IN_DOUBT: { says: 'at the head of the log a deal is not yet settled on both sides', severity: 'note' },
  ARRIVAL_UNDER_WAY: { says: 'at the head of the log an arrival has not ended yet', severity: 'note' },
  WITHDRAWALS_UNDER_WAY: {
    says: 'at the head of the log a lapsed switch or a halt has not withdrawn all',
    severity: 'note',
  },
  AUCTION_UNDER_WAY: { says: 'at the head of the log an auction has not ended yet', severity: 'note' },
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingCode = keyof typeof findingKinds;

export interface Finding {
  readonly code: FindingCode;
  readonly invariant?: InvariantNumber;
  readonly severity: Severity;
  /** Of the event that shows it. */
  readonly position: number;
  /** What exactly, for people. Prices in ticks, quantities in lots. */
  readonly message: string;
}

/** So many findings of one code are kept; further ones are counted. */
export const MAX_KEPT_PER_CODE = 100;

/** Findings as they come, bounded however bad the log. */
export class Findings {
  private readonly kept: Finding[] = [];
  private readonly counts = new Map<FindingCode, number>();
  violationCount = 0;
  noteCount = 0;

  report(code: FindingCode, position: number, message: string, severity?: Severity): void {
    const kind: FindingKind = findingKinds[code];
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    const weight = severity ?? kind.severity ?? 'violation';
    if (weight === 'violation') this.violationCount++;
    else this.noteCount++;
    if (count > MAX_KEPT_PER_CODE) return;
    const { invariant } = kind;
    this.kept.push({ code, ...(invariant && { invariant }), severity: weight, position, message });
  }

  /** What was kept, in the order of the log. */
  list(): readonly Finding[] {
    return [...this.kept].sort((one, other) => one.position - other.position);
  }

  /** How often each code was found, kept or not. */
  countByCode(): ReadonlyMap<FindingCode, number> {
    return this.counts;
  }
}
