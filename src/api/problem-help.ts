/** What the codes of problems mean and what to do about each: for people, each beside its code. No answer is made of it. */
import type { ProblemCode, RefusalCode } from './problem.js';

/** The server's own codes. What the exchange refuses with, its own table says (src/domain/refusal.ts). */
export const serverCodeSays: Readonly<Record<Exclude<ProblemCode, RefusalCode>, string>> = {
  MALFORMED_HTTP: 'this is no HTTP request, or no address, that the server can read',
  MALFORMED_JSON: 'the body is not JSON, names a field twice, or is not UTF-8',
  UNAUTHENTICATED: 'the exchange has keys, and none of them came with the request, nor a signature by one',
  SIGNATURE_INVALID: 'the signature cannot be read, leaves something uncovered, or is not of this request by this key',
  SIGNATURE_EXPIRED: 'the signature was created too long ago by this server’s clock, or too far ahead of it',
  DIGEST_MISMATCH: 'the body is not the one that the signed `Content-Digest` is of',
  FORBIDDEN: 'the key’s role does not take this, or the request comes from a page of another origin',
  NOT_FOUND: 'there is no such address',
  UNKNOWN_SHARD: 'the exchange has no shard of this number',
  METHOD_NOT_ALLOWED: 'the address is there, and takes other methods: the header `Allow` says which',
  NOT_ACCEPTABLE:
    'there is such a thing, but in none of the media types that `Accept` takes; the detail names those there are',
  REQUEST_TIMEOUT: 'the request did not come whole in time',
  POSITION_AHEAD: 'a feed, or a moment, was asked for at a position beyond the end of the log',
  BODY_TOO_LARGE: 'the body, or a line of a stream, is too long',
  UNSUPPORTED_MEDIA_TYPE: 'the body is of a type that this route does not take, or has a Content-Encoding',
  UPGRADE_REQUIRED: 'the address is that of WebSockets, and the request was none for one',
  TOO_MANY_REQUESTS: 'all that this key may have of something is in use; certainly nothing was done',
  TOO_SLOW:
    'a stream was read so slowly that what its reader lacks is no longer kept; only a stream says this, as its last words',
  INTERNAL: 'the server failed; whether the command was carried out is unknown',
  LOG_DAMAGED: 'the log is damaged; only a feed says this, as its last words',
  UNAVAILABLE:
    'what would have to answer is not there just now: a store that lags, a log that is away, a server that stops',
};

const MEND = 'Mend the request: repeated as it is, it is refused again.';
const TERMS = 'Look the instrument up (`GET /v1/instruments/{symbol}`) and mend the request.';
const LOOK_UP = 'Look the name up; nothing was done.';
const STANDS = 'Look at how things stand, and decide again.';
const SAME_AGAIN =
  'Send the same again, after `Retry-After`; a post under the same `clientIntentionId`, which stays one intention.';

/** What the one who was refused can do. */
export const remedyOf: Readonly<Record<ProblemCode, string>> = {
  INVALID_COMMAND: MEND,
  INVALID_CLIENT_ID: MEND,
  INVALID_PARTICIPANT: MEND,
  INVALID_SYMBOL: MEND,
  INVALID_INSTRUMENT: MEND,
  INVALID_PRICE: MEND,
  INVALID_QUANTITY: MEND,
  INVALID_EXPIRY: MEND,
  INVALID_COMBINATION: MEND,
  PRICE_OFF_TICK: TERMS,
  PRICE_OUT_OF_BAND: TERMS,
  QUANTITY_OFF_LOT: TERMS,
  QUANTITY_TOO_LARGE: 'Post several smaller ones.',
  UNKNOWN_INSTRUMENT: LOOK_UP,
  UNKNOWN_INTENTION: LOOK_UP,
  UNKNOWN_DEAL: LOOK_UP,
  INTENTION_CLOSED: STANDS,
  DEAL_UNDECIDED: 'Send the same again shortly.',
  NOT_YOURS: 'Use the key of its participant, or an operator’s.',
  CLIENT_ID_REUSED: 'Give each new intention an id of its own; the one that has this id stays as it was.',
  WRONG_PHASE: STANDS,
  POST_ONLY_WOULD_DEAL: STANDS,
  SELF_TRADE: STANDS,
  TOO_LATE:
    'Decide again: this command comes to nothing any more. A post that was taken in time is answered as it was.',
  NOT_LESS: 'Withdraw it, or reduce it by less.',
  INSTRUMENT_DIFFERS: 'List another symbol: decimals, tick and lot stay what they were first.',
  LIMIT_OPEN_QUANTITY: 'Withdraw or reduce something that is open there, or ask the operator for more.',
  LIMIT_NET_POSITION: 'Withdraw something that is open on that side, or ask the operator for more.',
  LIMIT_RATE: 'Post it again in the next second, after `Retry-After`.',
  HALTED: 'Ask the operator. Withdrawing and reducing go on working.',
  SHARD_UNAVAILABLE: `${SAME_AGAIN} Operators: \`/health/ready\` says why.`,
  SHARD_BUSY: SAME_AGAIN,
  MALFORMED_HTTP: MEND,
  MALFORMED_JSON: MEND,
  UNAUTHENTICATED: 'Send `Authorization: Bearer KEY`, or sign the request.',
  SIGNATURE_INVALID: 'Mend what the detail names, and sign again; nothing was done.',
  SIGNATURE_EXPIRED: 'Set the clock, and sign again; nothing was done.',
  DIGEST_MISMATCH: 'Send the body that was signed, byte for byte; nothing was done.',
  FORBIDDEN: 'Use a key whose role takes it: the route says which.',
  NOT_FOUND: MEND,
  UNKNOWN_SHARD: MEND,
  METHOD_NOT_ALLOWED: MEND,
  NOT_ACCEPTABLE: 'Ask for one of the types that the detail names.',
  REQUEST_TIMEOUT: 'Send it again, faster; of a post nothing was done before all of it was there.',
  POSITION_AHEAD:
    'You have seen another log, or what this one has lost. Ask the operator; begin again without what you have.',
  BODY_TOO_LARGE: 'Send less at once: many posts as a stream of lines.',
  UNSUPPORTED_MEDIA_TYPE: 'Send what the route takes, plain.',
  UPGRADE_REQUIRED: 'Connect with a WebSocket client.',
  TOO_MANY_REQUESTS: 'Send it again after `Retry-After`, or do less at a time.',
  TOO_SLOW: 'Come back with the last id that you have; read faster, or ask for less.',
  INTERNAL: `${SAME_AGAIN} Operators: the server’s log says what failed.`,
  LOG_DAMAGED: 'Do not resume. Operators: `parley audit`, then `parley log repair`.',
  UNAVAILABLE: SAME_AGAIN,
};
