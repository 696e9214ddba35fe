import { KeepAlive, type KeepAliveOptions } from './own/keep-alive.js';
import type { Switch } from './own/own-types.js';
import { ParleyError } from './wire/error.js';
import type { Transport } from './wire/transport.js';
import type { AuctionResult, CallOptions, Instrument, InstrumentTerms, Limits, LimitTerms, Phase } from './types.js';
import type { Cluster, Health } from './cluster-types.js';

/** Whose. */
export interface OfParticipant extends CallOptions {
  /** The key’s own where it is left out; an operator names one. */
  readonly participant?: string | undefined;
}

/** Who somebody is to the exchange, by the key. */
export interface Caller {
  readonly role: 'participant' | 'operator' | 'auditor' | 'market-data';
  /** Of a participant: who acts with this key. */
  readonly participant?: string;
  /** Whether the exchange has keys. Where it has none, everybody is an operator. */
  readonly keys: boolean;
}

/** What is about the exchange as a whole, and what participants may do in it. ParleyClient has it all. */
export abstract class ExchangeCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All listed instruments, asked for page by page. */
  instruments(options: CallOptions = {}): Promise<readonly Instrument[]> {
    return this.#allOf('instruments', options);
  }

  /**
   * Lists an instrument, or changes the band and rules of a listed one. For operators. Refusals: FORBIDDEN, INVALID_SYMBOL,
   * INVALID_INSTRUMENT, INSTRUMENT_DIFFERS.
   */
  putInstrument(symbol: string, terms: InstrumentTerms, options: CallOptions = {}): Promise<Instrument> {
    return this.#transport.call({
      method: 'PUT',
      path: instrumentPath(symbol),
      body: terms,
      isRepeatable: true,
      ...options,
    });
  }

  /** Collects intentions for an auction, or lets them deal as they arrive. For operators. Refusals: FORBIDDEN, WRONG_PHASE. */
  changePhase(symbol: string, phase: Phase, options: CallOptions = {}): Promise<Instrument> {
    const path = `${instrumentPath(symbol)}/phase`;
    return this.#transport.call({ method: 'POST', path, body: { phase }, isRepeatable: false, ...options });
  }

  /** Runs the auction of an instrument in its call phase. For operators. Refusals: FORBIDDEN, WRONG_PHASE. */
  uncross(symbol: string, options: CallOptions = {}): Promise<AuctionResult> {
    return this.#transport.call({
      method: 'POST',
      path: `${instrumentPath(symbol)}/uncross`,
      isRepeatable: false,
      ...options,
    });
  }

  /** An operator sets limits, in place of those before. `withdraw`: what is open there is withdrawn. Refusals: FORBIDDEN, INVALID_…. */
  setLimits(
    participant: string,
    limits: LimitTerms & { readonly withdraw?: boolean | undefined },
    options: CallOptions = {},
  ): Promise<Limits> {
    const path = `/v1/limits/${encodeURIComponent(participant)}`;
    return this.#transport.call({ method: 'PUT', path, body: limits, isRepeatable: true, ...options });
  }

  /** Those that are set, asked for page by page; an operator or auditor who names nobody gets all. */
  limits(options: OfParticipant = {}): Promise<readonly Limits[]> {
    return this.#allOf('limits', options);
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
    return this.#transport.call({
      method: 'POST',
      path: '/v1/switch',
      body: { withinMs, participant },
      isRepeatable: true,
      ...options,
    });
  }

  /** How a participant’s switch stands; `withinMs` is 0 where it is off. */
  switch({ participant, signal }: OfParticipant = {}): Promise<Switch> {
    return this.#transport.read('/v1/switch', { participant }, signal);
  }

  /** What all pages of a list have, which is named as its address is. A server of before there were pages gives all at once. */
  async #allOf<Row>(name: 'instruments' | 'limits', { participant, signal }: OfParticipant): Promise<readonly Row[]> {
    const all: Row[] = [];
    for (let after: string | undefined; ;) {
      const query = { participant, after };
      const page: Page<Row> = await this.#transport.read(`/v1/${name}`, query, signal);
      const rows = page[name] ?? [];
      all.push(...rows);
      if (page.next === undefined) return all;
      if (page.next === after || rows.length === 0) {
        throw new ParleyError(200, 'UNREADABLE', `the list of ${name} goes on where it was`);
      }
      after = page.next;
    }
  }

  /** Who the key says that you are. Any key will do. */
  caller(options: CallOptions = {}): Promise<Caller> {
    return this.#transport.read('/v1/caller', {}, options.signal);
  }

  /** The processes that share the shards and who has which, as the one that answers sees it. */
  cluster(options: CallOptions = {}): Promise<Cluster> {
    return this.#transport.read('/v1/cluster', {}, options.signal);
  }

  /** Whether the exchange answers, and takes commands. Does not throw: one that cannot be reached is not live. */
  async health(options: CallOptions = {}): Promise<Health> {
    try {
      await this.#transport.call({ method: 'GET', path: '/health/ready', isRepeatable: false, ...options });
      return { isLive: true, isReady: true };
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      return { isLive: error.status !== 0, isReady: false, reason: error.detail };
    }
  }
}

interface Page<Row> {
  readonly instruments?: readonly Row[];
  readonly limits?: readonly Row[];
  /** Where more come after these. */
  readonly next?: string;
}

function instrumentPath(symbol: string): string {
  return `/v1/instruments/${encodeURIComponent(symbol)}`;
}
