import { type Instrument, parsePrice, parseQuantity } from '../../domain/instrument.js';
import { type Refusal, refuse } from '../../domain/refusal.js';
import type { PostTerms } from '../../domain/post-terms.js';
import { MAX_NAME_BYTES, Pricing, Side, TimeInForce } from '../../domain/terms.js';
import type { PostIntention } from '../commands.js';

export const CLIENT_ID = /^[\x21-\x7e]{1,64}$/;
const PARTICIPANT = /^[A-Za-z0-9._@-]+$/;
const DATE_TIME = /^(\d{4}-\d\d-\d\d)T(?!24)\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const MAX_TIME_MS = 8.64e15;

const sides = { buy: Side.Buy, sell: Side.Sell } as const;
const timesInForce = {
  gtc: TimeInForce.Gtc,
  ioc: TimeInForce.Ioc,
  fok: TimeInForce.Fok,
  gtd: TimeInForce.Gtd,
} as const;

export function isParticipant(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MAX_NAME_BYTES && PARTICIPANT.test(name);
}

/** Reads a post's decimal strings and words, or says why it is refused. Does not look at the market. */
export function parsePost(instrument: Instrument, command: PostIntention): PostTerms | Refusal {
  if (!isText(command.clientIntentionId) || !isText(command.participant) || !isText(command.quantity)) {
    return refuse('INVALID_COMMAND', 'clientIntentionId, participant and quantity are strings');
  }
  if (!CLIENT_ID.test(command.clientIntentionId)) return refuse('INVALID_CLIENT_ID');
  if (!isParticipant(command.participant)) return refuse('INVALID_PARTICIPANT');
  const side: unknown = sides[command.side]; // the caller may not be typed, and every object has a constructor
  if (typeof side !== 'number') return refuse('INVALID_COMMAND', 'side is buy or sell');
  if (!isPricing(command.type)) return refuse('INVALID_COMMAND', 'type is limit or market');
  const quantityLots = parseQuantity(instrument, command.quantity);
  if (typeof quantityLots !== 'number') return quantityLots;
  return command.type === 'market'
    ? marketTerms(instrument, command, { side, quantityLots })
    : limitTerms(instrument, command, { side, quantityLots });
}

/** What both kinds of intentions say. */
interface Read {
  readonly side: number;
  readonly quantityLots: number;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isPricing(type: unknown): boolean {
  return type === undefined || type === 'limit' || type === 'market';
}

function marketTerms(instrument: Instrument, command: PostIntention, read: Read): PostTerms | Refusal {
  if (command.price !== undefined) return refuse('INVALID_COMBINATION', 'a market intention has no price');
  if (command.postOnly === true) return refuse('INVALID_COMBINATION', 'a market intention cannot be post-only');
  const timeInForce = timesInForce[command.timeInForce ?? 'ioc'];
  if (timeInForce !== TimeInForce.Ioc && timeInForce !== TimeInForce.Fok) {
    return refuse('INVALID_COMBINATION', 'a market intention is ioc or fok: it does not rest');
  }
  if (command.expiresAt !== undefined) return refuse('INVALID_EXPIRY');
  return {
    clientIntentionId: command.clientIntentionId,
    participant: command.participant,
    instrumentId: instrument.instrumentId,
    side: read.side,
    pricing: Pricing.Market,
    priceTicks: 0,
    quantityLots: read.quantityLots,
    timeInForce,
    postOnly: false,
    expiresAtMs: 0,
  };
}

function limitTerms(instrument: Instrument, command: PostIntention, read: Read): PostTerms | Refusal {
  if (command.price === undefined) return refuse('INVALID_PRICE', 'a limit intention needs a price');
  if (!isText(command.price)) return refuse('INVALID_COMMAND', 'price is a string');
  const priceTicks = parsePrice(instrument, command.price);
  if (typeof priceTicks !== 'number') return priceTicks;
  const timeInForce: unknown = timesInForce[command.timeInForce ?? 'gtc']; // the caller may not be typed
  if (typeof timeInForce !== 'number') return refuse('INVALID_COMMAND', 'timeInForce is gtc, ioc, fok or gtd');
  const postOnly = command.postOnly ?? false;
  if (postOnly && (timeInForce === TimeInForce.Ioc || timeInForce === TimeInForce.Fok)) {
    return refuse('INVALID_COMBINATION', 'a post-only intention rests, so it cannot be ioc or fok');
  }
  const expiresAtMs = command.expiresAt === undefined ? 0 : parseTime(command.expiresAt);
  if (expiresAtMs === undefined || expiresAtMs > 0 !== (timeInForce === TimeInForce.Gtd)) {
    return refuse('INVALID_EXPIRY');
  }
  return {
    clientIntentionId: command.clientIntentionId,
    participant: command.participant,
    instrumentId: instrument.instrumentId,
    side: read.side,
    pricing: Pricing.Limit,
    priceTicks,
    quantityLots: read.quantityLots,
    timeInForce,
    postOnly,
    expiresAtMs,
  };
}

/** Whether an `expiresAt` can be read: RFC 3339, after 1970. */
export function isTime(text: string): boolean {
  return parseTime(text) !== undefined;
}

/** Milliseconds since 1970; undefined for what is no RFC 3339 time after 1970. */
export function parseTime(text: string): number | undefined {
  const day = DATE_TIME.exec(text)?.[1];
  const time = day !== undefined && isDay(day) ? Date.parse(text) : Number.NaN;
  return time > 0 && time < MAX_TIME_MS ? time : undefined;
}

/** Date.parse takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  const midnight = Date.parse(day);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
