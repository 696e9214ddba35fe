import { followEvents } from './event-stream.js';
import type {
  DealFeedFilter,
  DealFilter,
  EventFilter,
  IntentionFilter,
  PositionFilter,
  WithdrawFilter,
} from './filters.js';
import { followDeals } from './follow-deals.js';
import { type Intentions, type PostStreamOptions, postAll } from './post-stream.js';
import type { RetryOptions } from './retry.js';
import type { RequestSigner } from './signing.js';
import { type Call, type Fetch, Transport } from './transport.js';
import { ParleyError } from './error.js';
import { KeepAlive, type KeepAliveOptions } from './keep-alive.js';
import { MarketData } from './market.js';
import { type AccountFilter, followOwn, type OwnFilter, readAccount } from './own.js';
import type { Account, OwnMessage, Switch } from './own-types.js';
import type { Withdrawn } from './commands.js';
import { withdrawAll } from './withdraw-all.js';
import type {
  AbortedDeal,
  AuctionResult,
  Book,
  CallOptions,
  ChangeOptions,
  Cluster,
  CommandOptions,
  Deal,
  Health,
  Instrument,
  InstrumentTerms,
  Intention,
  IntentionAcknowledged,
  IntentionChanged,
  Phase,
  Position,
  PostAnswer,
  PostIntention,
  RecordedEvent,
  Withdrawal,
} from './types.js';

export interface ParleyClientOptions {
  /** Where the exchange is: `http://127.0.0.1:7070`. */
  readonly url: string;
  /** API key, where the exchange has keys. */
  readonly key?: string | undefined;
  /** Signs requests, where the exchange has the public key, instead of showing a key. */
  readonly sign?: RequestSigner | undefined;
  /** Another fetch than the platform's. */
  readonly fetch?: Fetch | undefined;
  /** How often, and how soon, what can safely be tried again is. */
  readonly retry?: RetryOptions | undefined;
  /** How long one try may take. 30,000 unless said otherwise; streams have no limit. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Talks to a Parley exchange over HTTP. Safe to share; holds no connection of its own.
 *
 * Every method rejects with ParleyError. Reads, posts, changes, withdrawals and the listing of instruments are tried again after a
 * failure of the way or a 5xx, because doing them twice does no more than doing them once; phases and auctions are not: when one of
 * them fails so, its outcome is unknown, and looking tells.
 *
 * ```ts
 * const client = new ParleyClient({ url: 'http://127.0.0.1:7070' });
 * await client.postIntention({
 *   clientIntentionId: 'a-1', participant: 'alice', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100',
 * });
 * for await (const event of client.events({ from: 0 })) console.log(event.position, event.type);
 * ```
 */
export class ParleyClient {
  /** What everybody may see: books, trades, tickers, candles, and their streams. */
  readonly market: MarketData;
  readonly #transport: Transport;

  constructor(options: ParleyClientOptions) {
    this.#transport = transportOf(options);
    this.market = new MarketData(this.#transport);
  }

  /**
   * Posts an intention; resolves once it is durable. Idempotent by participant and clientIntentionId, so it is tried again until an
   * answer comes or the tries are used up. Refusals: INVALID_…, PRICE_…, QUANTITY_…, UNKNOWN_INSTRUMENT, CLIENT_ID_REUSED,
   * WRONG_PHASE, POST_ONLY_WOULD_DEAL, SELF_TRADE, SHARD_….
   */
  postIntention(intention: PostIntention, options: CallOptions = {}): Promise<IntentionAcknowledged> {
    return this.#call({ method: 'POST', path: '/v1/intentions', body: intention, isRepeatable: true, ...options });
  }

  /**
   * Posts many, in order, over one connection, taking them from the source as fast as they are answered. One answer for each, in
   * order; a refused one does not disturb the others. When the connection breaks, what was not answered is posted again. Throws
   * ParleyError when that does not help, and whatever the source throws.
   */
  postIntentions(intentions: Intentions, options: PostStreamOptions = {}): AsyncGenerator<PostAnswer, void, undefined> {
    return postAll(this.#transport, intentions, options);
  }

  /** Withdraws what is left of an intention; one that has closed before says how it ended. Refusals: UNKNOWN_INTENTION, NOT_YOURS, TOO_LATE, SHARD_…. */
  withdraw(id: string, { validUntil, ...options }: CommandOptions = {}): Promise<IntentionChanged> {
    const query = { validUntil };
    return this.#call({ method: 'DELETE', path: intentionPath(id), query, isRepeatable: true, ...options });
  }

  /**
   * Withdraws all open intentions that the filter chooses, page after page, and tells of each in the order of their ids, as it is done.
   * Safe to repeat, so what fails on the way is tried again. One that is closed before its turn comes is told of and is no error. What
   * is posted meanwhile may stay. Refusals: as `intentions` and `withdraw`; those told of by then are withdrawn.
   */
  withdrawAll(filter: WithdrawFilter = {}, options: CallOptions = {}): AsyncGenerator<Withdrawal, void, undefined> {
    return withdrawAll(this, filter, options);
  }

  /**
   * Makes an intention smaller by a quantity; it keeps its place. Done once, however often it is tried while the intention is open.
   * Refusals: as `withdraw`, and INTENTION_CLOSED (the error’s `intentionStatus` says which), NOT_LESS, …_QUANTITY, QUANTITY_….
   */
  reduce(id: string, by: string, options: ChangeOptions = {}): Promise<IntentionChanged> {
    return this.#change(id, { reduceBy: by }, options);
  }

  /**
   * Gives an intention a new limit, or a new quantity left to deal, or both; it loses its place and may deal at once, but for a smaller
   * quantity alone. Done once, as `reduce`. Refusals: as `reduce`, and …_PRICE, PRICE_…, WRONG_PHASE, POST_ONLY_WOULD_DEAL, SELF_TRADE.
   */
  replace(
    id: string,
    { price, quantity }: { readonly price?: string | undefined; readonly quantity?: string | undefined },
    options: ChangeOptions = {},
  ): Promise<IntentionChanged> {
    return this.#change(id, { price, quantity }, options);
  }

  /** An intention as it stands, after all that was durable when asked. Refusals: UNKNOWN_INTENTION, NOT_YOURS, UNAVAILABLE. */
  intention(id: string, options: CallOptions = {}): Promise<Intention> {
    return this.#read(intentionPath(id), {}, options);
  }

  /** One's own intentions, for an operator anybody's, in the order of their ids. */
  async intentions(filter: IntentionFilter = {}, options: CallOptions = {}): Promise<readonly Intention[]> {
    const { intentions } = await this.#read<{ intentions: Intention[] }>('/v1/intentions', { ...filter }, options);
    return intentions;
  }

  /** The best levels of an instrument's book: 10 a side unless said otherwise, at most 1,000. Refusal: UNKNOWN_INSTRUMENT. */
  book(instrument: string, { depth, ...options }: CallOptions & { readonly depth?: number } = {}): Promise<Book> {
    return this.#read(`/v1/book/${encodeURIComponent(instrument)}`, { depth }, options);
  }

  /** One's own deals, for an operator all, in the order in which they were decided; the latest ones, unless `after` is given. */
  async deals(filter: DealFilter = {}, options: CallOptions = {}): Promise<readonly Deal[]> {
    const { deals } = await this.#read<{ deals: Deal[] }>('/v1/deals', { ...filter }, options);
    return deals;
  }

  /**
   * The deals that `deals` shows, and then each new one, some together, live and without end: none is missing and none comes twice,
   * whatever breaks on the way. In the order of the log; of several shards, in the order of each. Ends when the signal aborts or the loop
   * is left; throws ParleyError when the server refuses, or was never reached. With a participant's key it looks every second.
   */
  followDeals(filter: DealFeedFilter = {}): AsyncGenerator<readonly Deal[], void, undefined> {
    return followDeals(this.#transport, filter);
  }

  /** A deal by its id, `12-3`; `outcome` tells whether it came about. Refusals: UNKNOWN_DEAL, NOT_YOURS, UNAVAILABLE. */
  deal(id: string, options: CallOptions = {}): Promise<Deal | AbortedDeal> {
    return this.#read(`/v1/deals/${encodeURIComponent(id)}`, {}, options);
  }

  /** What participants have of each instrument: by participant in order of admission, then by instrument in order of listing. */
  async positions({ after, ...filter }: PositionFilter = {}, options: CallOptions = {}): Promise<readonly Position[]> {
    const query = { ...filter, after: after && `${after.participant}/${after.instrument}` };
    const { positions } = await this.#read<{ positions: Position[] }>('/v1/positions', query, options);
    return positions;
  }

  /** All listed instruments, asked for page by page. */
  async instruments(options: CallOptions = {}): Promise<readonly Instrument[]> {
    const all: Instrument[] = [];
    let after: string | undefined;
    do {
      const page: InstrumentPage = await this.#read('/v1/instruments', { after }, options);
      all.push(...page.instruments);
      if (page.next !== undefined && (page.next === after || page.instruments.length === 0)) {
        throw new ParleyError(200, 'UNREADABLE', 'the list of instruments goes on where it was');
      }
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  /**
   * Lists an instrument, or changes the band and rules of a listed one. For operators. Refusals: FORBIDDEN, INVALID_SYMBOL,
   * INVALID_INSTRUMENT, INSTRUMENT_DIFFERS.
   */
  putInstrument(symbol: string, terms: InstrumentTerms, options: CallOptions = {}): Promise<Instrument> {
    return this.#call({ method: 'PUT', path: instrumentPath(symbol), body: terms, isRepeatable: true, ...options });
  }

  /** Collects intentions for an auction, or lets them deal as they arrive. For operators. Refusals: FORBIDDEN, WRONG_PHASE. */
  changePhase(symbol: string, phase: Phase, options: CallOptions = {}): Promise<Instrument> {
    const path = `${instrumentPath(symbol)}/phase`;
    return this.#call({ method: 'POST', path, body: { phase }, isRepeatable: false, ...options });
  }

  /** Runs the auction of an instrument in its call phase. For operators. Refusals: FORBIDDEN, WRONG_PHASE. */
  uncross(symbol: string, options: CallOptions = {}): Promise<AuctionResult> {
    return this.#call({ method: 'POST', path: `${instrumentPath(symbol)}/uncross`, isRepeatable: false, ...options });
  }

  /**
   * The events of the log in order, live, without end: when the connection breaks another is opened, and goes on after the last event
   * that was seen, so none is missing and none comes twice. Ends when the signal aborts or the loop is left; throws ParleyError when the
   * server refuses, or was never reached: POSITION_AHEAD where the log does not reach up to what was seen or asked for, LOG_DAMAGED
   * where it cannot be followed any further.
   */
  events(filter: EventFilter = {}): AsyncGenerator<RecordedEvent, void, undefined> {
    return followEvents(this.#transport, filter);
  }

  /** Open intentions, positions and deals of a participant, all at one position: `ownStream` goes on from there without a gap. */
  account(filter: AccountFilter & CallOptions = {}): Promise<Account> {
    return readAccount(this.#transport, filter);
  }

  /**
   * Everything that happens to a participant's intentions, live and without end: none missing and none twice, whatever breaks on the way.
   * From the position of an account on, or after any position that was seen. Ends when the signal aborts or the loop is left; throws
   * ParleyError when the server refuses, or was never reached.
   */
  ownStream(filter: OwnFilter = {}): AsyncGenerator<OwnMessage, void, undefined> {
    return followOwn(this.#transport, filter);
  }

  /** Withdraws many at once: what the filter chooses, and `all` where it chooses nothing. Safe to repeat. Refusals: INVALID_COMMAND. */
  withdrawMany(
    { all, ...filter }: WithdrawFilter & { readonly all?: true | undefined },
    options: CallOptions = {},
  ): Promise<Withdrawn> {
    const query = { ...filter, all: all === undefined ? undefined : 'true' };
    return this.#call({ method: 'DELETE', path: '/v1/intentions', query, isRepeatable: true, ...options });
  }

  /**
   * Sets a dead man’s switch and keeps it from lapsing until `end` is called: what is open is withdrawn when this process dies or loses
   * the exchange for longer than `withinMs`. Rejects as `setSwitch`.
   */
  keepAlive({
    participant,
    ...options
  }: KeepAliveOptions & { readonly participant?: string | undefined }): Promise<KeepAlive> {
    return new KeepAlive((withinMs, signal) => this.setSwitch(withinMs, { participant, signal }), options).begin();
  }

  /** Sets a dead man’s switch once: 1,000 to 86,400,000 ms; 0 takes it off. */
  setSwitch(
    withinMs: number,
    { participant, ...options }: CallOptions & { readonly participant?: string | undefined } = {},
  ): Promise<Switch> {
    return this.#call({
      method: 'POST',
      path: '/v1/switch',
      body: { withinMs, participant },
      isRepeatable: true,
      ...options,
    });
  }

  /** The processes that share the shards and who has which, as the one that answers sees it. */
  cluster(options: CallOptions = {}): Promise<Cluster> {
    return this.#read('/v1/cluster', {}, options);
  }

  /** Whether the exchange answers, and takes commands. Does not throw: one that cannot be reached is not live. */
  async health(options: CallOptions = {}): Promise<Health> {
    try {
      await this.#call({ method: 'GET', path: '/health/ready', isRepeatable: false, ...options });
      return { isLive: true, isReady: true };
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      return { isLive: error.status !== 0, isReady: false, reason: error.detail };
    }
  }

  #change(
    id: string,
    terms: object,
    { clientCommandId = crypto.randomUUID(), validUntil, ...options }: ChangeOptions,
  ): Promise<IntentionChanged> {
    const body = { ...terms, clientCommandId, validUntil };
    return this.#call({ method: 'PATCH', path: intentionPath(id), body, isRepeatable: true, ...options });
  }

  #read<Value>(path: string, query: NonNullable<Call['query']>, { signal }: CallOptions): Promise<Value> {
    return this.#call({ method: 'GET', path, query, isRepeatable: true, signal });
  }

  async #call<Value>(call: Call): Promise<Value> {
    return (await this.#transport.call(call)) as Value; // the OpenAPI document says so, and a test of the server holds it to that
  }
}

/** The way to an exchange. */
export function transportOf(options: ParleyClientOptions): Transport {
  const { url, key, sign, fetch = globalThis.fetch, retry = {}, timeoutMs = 30_000 } = options;
  return new Transport({ url, key, sign, fetch: (input, init) => fetch(input, init), retry, timeoutMs });
}

interface InstrumentPage {
  readonly instruments: readonly Instrument[];
  /** Where more come after these; a server of before there were pages gives all at once. */
  readonly next?: string;
}

function intentionPath(id: string): string {
  return `/v1/intentions/${encodeURIComponent(id)}`;
}

function instrumentPath(symbol: string): string {
  return `/v1/instruments/${encodeURIComponent(symbol)}`;
}
