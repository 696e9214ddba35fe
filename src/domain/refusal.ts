/**
 * Why a command is refused. A refusal is a value, not an exception: nothing was appended and nothing has changed. The
 * codes are stable; a test holds that the OpenAPI document lists them all.
 */
export const refusals = {
  INVALID_COMMAND: 'a field is missing, unknown, or of the wrong kind',
  INVALID_CLIENT_ID: 'a clientIntentionId is 1 to 64 printable ASCII characters without spaces',
  INVALID_PARTICIPANT: 'a participant is 1 to 32 characters of A–Z a–z 0–9 . _ - @',
  INVALID_SYMBOL: 'a symbol is 1 to 32 characters of A–Z a–z 0–9 . _ -, and neither . nor ..',
  INVALID_INSTRUMENT: 'the instrument’s tick, lot, band or rules make no sense',
  INVALID_PRICE: 'a price is a plain decimal number, as a string',
  INVALID_QUANTITY: 'a quantity is a plain decimal number greater than zero, as a string',
  INVALID_EXPIRY: 'gtd needs an expiresAt in the future; nothing else may have one',
  INVALID_COMBINATION: 'these terms do not go together',
  PRICE_OFF_TICK: 'the price is not a multiple of the instrument’s tick',
  PRICE_OUT_OF_BAND: 'the price lies outside the instrument’s band',
  QUANTITY_OFF_LOT: 'the quantity is not a multiple of the instrument’s lot',
  QUANTITY_TOO_LARGE: 'the quantity is larger than the exchange counts',
  UNKNOWN_INSTRUMENT: 'no such instrument is listed',
  UNKNOWN_INTENTION: 'there is no such intention',
  UNKNOWN_DEAL: 'there is no such deal',
  INTENTION_CLOSED: 'the intention is filled, withdrawn or expired',
  NOT_YOURS: 'the intention belongs to another participant',
  CLIENT_ID_REUSED: 'this clientIntentionId was used before, with other content',
  WRONG_PHASE: 'the instrument’s phase does not allow this',
  POST_ONLY_WOULD_DEAL: 'a post-only intention would have dealt at once',
  SELF_TRADE: 'it would have dealt with an intention of the same participant',
  TOO_LATE: 'it was valid no longer when its turn came; nothing was done',
  DEAL_UNDECIDED: 'a deal of the intention is not decided yet; try again shortly',
  NOT_LESS: 'the reduction is larger than what is left',
  INSTRUMENT_DIFFERS: 'a listed instrument keeps its decimals, tick and lot',
  LIMIT_OPEN_QUANTITY: 'the participant would have more open in this instrument than its limit allows',
  LIMIT_NET_POSITION: 'if all that is open dealt, the participant’s position could go beyond its limit',
  LIMIT_RATE: 'the participant has posted as many intentions in this second as its limit allows',
  HALTED: 'the participant is halted: it may withdraw and reduce, nothing else',
  SHARD_UNAVAILABLE: 'the shard takes no commands: its log cannot be written',
  /** Reserved: nothing gives it; a shard that is congested makes its producers wait. */
  SHARD_BUSY: 'too much is waiting to become durable; try again shortly',
} as const;

export type RefusalCode = keyof typeof refusals;

export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  /** What exactly was wrong, for people. */
  readonly detail: string;
  /** Of INTENTION_CLOSED: the same command was done before that, and recorded at this log position. */
  readonly donePosition?: number;
}

export function refuse(code: RefusalCode, detail: string = refusals[code]): Refusal {
  return { ok: false, code, detail };
}
