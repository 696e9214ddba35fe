import { ExchangeCalls } from './exchange-calls.js';
import type { Withdrawn } from './commands/commands.js';
import {
  type Commands,
  type Intentions,
  postAll,
  type PostStreamOptions,
  sendAll,
  type SentAnswer,
} from './commands/command-stream.js';
import { withdrawAll } from './commands/withdraw-all.js';
import { followEvents } from './feeds/event-stream.js';
import { followDeals } from './feeds/follow-deals.js';
import type {
  DealFeedFilter,
  DealFilter,
  EventFilter,
  IntentionFilter,
  Moment,
  PositionFilter,
  WithdrawFilter,
} from './filters.js';
import { History } from './history/history.js';
import { MarketData } from './market/market-data.js';
import { type AccountFilter, followOwn, type OwnFilter, readAccount } from './own/own.js';
import type { Account, OwnMessage } from './own/own-types.js';
import { type ParleyClientOptions, transportOf } from './wire/options.js';
import type { Call, Transport } from './wire/transport.js';
import type {
  AbortedDeal,
  Book,
  CallOptions,
  ChangeOptions,
  CommandOptions,
  Deal,
  Intention,
  IntentionAcknowledged,
  IntentionChanged,
  Position,
  PostAnswer,
  PostIntention,
  RecordedEvent,
  Withdrawal,
} from './types.js';

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
export class ParleyClient extends ExchangeCalls {
  /** What everybody may see: books, trades, tickers, candles, and their streams. */
  readonly market: MarketData;
  /** Why, by which messages, and where things are in the log. */
  readonly history: History;
  readonly #transport: Transport;

  constructor(options: ParleyClientOptions) {
    const transport = transportOf(options);
    super(transport);
    this.#transport = transport;
    this.market = new MarketData(transport);
    this.history = new History(transport);
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

  /**
   * Sends many commands of any kind, in order, over one connection, as `postIntentions` does: posts, withdrawals, changes, the switch. Each
   * is made so that it does no more than once, and what was not answered is sent again.
   */
  sendCommands(commands: Commands, options: PostStreamOptions = {}): AsyncGenerator<SentAnswer, void, undefined> {
    return sendAll(this.#transport, commands, options);
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
  withdrawAll(filter: WithdrawFilter = {}, options: CommandOptions = {}): AsyncGenerator<Withdrawal, void, undefined> {
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

  /** An intention as it stands, after all that was durable when asked, or stood. Refusals: UNKNOWN_INTENTION, NOT_YOURS, UNAVAILABLE. */
  intention(id: string, { signal, ...moment }: CallOptions & Moment = {}): Promise<Intention> {
    return this.#read(intentionPath(id), moment, { signal });
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
  deal(id: string, { signal, ...moment }: CallOptions & Moment = {}): Promise<Deal | AbortedDeal> {
    return this.#read(`/v1/deals/${encodeURIComponent(id)}`, moment, { signal });
  }

  /** What participants have of each instrument: by participant in order of admission, then by instrument in order of listing. */
  async positions({ after, ...filter }: PositionFilter = {}, options: CallOptions = {}): Promise<readonly Position[]> {
    const query = { ...filter, after: after && `${after.participant}/${after.instrument}` };
    const { positions } = await this.#read<{ positions: Position[] }>('/v1/positions', query, options);
    return positions;
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
    { validUntil, ...options }: CommandOptions = {},
  ): Promise<Withdrawn> {
    const query = { ...filter, all: all === undefined ? undefined : 'true', validUntil };
    return this.#call({ method: 'DELETE', path: '/v1/intentions', query, isRepeatable: true, ...options });
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

  #call<Value>(call: Call): Promise<Value> {
    return this.#transport.call(call);
  }
}

function intentionPath(id: string): string {
  return `/v1/intentions/${encodeURIComponent(id)}`;
}
