import type { Answer, ListInstrument, PostIntention } from '../../exchange/commands.js';
import type { Exchange } from '../../exchange/exchange.js';
import type { AtLine, FlowTerms, PostLine, ReduceLine, ReplaceLine, WithdrawLine } from '../script/flow-line.js';
import type { ScenarioStart, StepCommand } from '../step.js';
import { Names } from './names.js';

const BUYER = 'buyer';
const SELLER = 'seller';
const RECORDED = 'recorded';

/** What a step asks of the exchange, once its scenario has begun. */
type ExchangeCommand = Exclude<StepCommand, ScenarioStart | AtLine>;

/**
 * A scenario that is being played: an instrument of its own, so that it begins with an empty board in whatever log it is played into, and
 * the file's ids for what is posted on it. Prices and quantities are the file's own integers.
 */
export class Scenario {
  readonly names: Names;
  /** Number of its instrument; 0 while it is not listed. */
  instrumentId = 0;
  private terms: FlowTerms = {};

  /** `startedMs`: where its time begins, in milliseconds since 1970. */
  constructor(
    private readonly exchange: Exchange,
    readonly symbol: string,
    readonly startedMs: number,
  ) {
    this.names = new Names(symbol);
  }

  /** Lists its instrument; the code where that is refused. */
  async begin({ terms = {}, initialPhase }: ScenarioStart): Promise<string | undefined> {
    const refused = await this.list(terms);
    if (refused !== undefined) return refused;
    this.instrumentId = this.exchange.recorded.instruments;
    if (initialPhase === 'continuous') return undefined;
    return codeOf(await this.exchange.changePhase({ instrument: this.symbol, phase: initialPhase }, RECORDED));
  }

  /** Runs one command; the code where it is refused. */
  async run(line: number, command: ExchangeCommand): Promise<string | undefined> {
    const { exchange, symbol: instrument } = this;
    switch (command.kind) {
      case 'post':
        return this.post(line, command);
      case 'instrument':
        return this.list({ ...this.terms, ...command.terms });
      case 'phase':
        return codeOf(await exchange.changePhase({ instrument, phase: command.phase }, RECORDED));
      case 'uncross':
        return codeOf(await exchange.uncross({ instrument }, RECORDED));
      default: {
        const id = this.names.intention(command.id)?.toString();
        return id === undefined ? 'UNKNOWN_INTENTION' : codeOf(await this.change(id, command));
      }
    }
  }

  /** One tick and one lot, in the file's units. */
  get steps(): { readonly tick: number; readonly lot: number } {
    const { tick = 1, lot = 1 } = this.terms;
    return { tick, lot };
  }

  private async list(terms: FlowTerms): Promise<string | undefined> {
    const answer = await this.exchange.list(listingOf(this.symbol, terms), RECORDED);
    if (!answer.ok) return answer.code;
    this.terms = terms;
    return undefined;
  }

  private change(id: string, command: WithdrawLine | ReduceLine | ReplaceLine): Promise<Answer<object>> {
    const about = { id, participant: command.by };
    switch (command.kind) {
      case 'withdraw':
        return this.exchange.withdraw(about, RECORDED);
      case 'reduce':
        return this.exchange.reduce({ ...about, by: String(command.quantity) }, RECORDED);
      case 'replace':
        return this.exchange.replace(
          { ...about, price: String(command.price), quantity: String(command.quantity) },
          RECORDED,
        );
    }
  }

  /**
   * A file may use an id again once its intention is closed; while that is open, it is refused like any second use of a client id.
   */
  private async post(line: number, command: PostLine): Promise<string | undefined> {
    const { names } = this;
    const before = names.intention(command.id);
    if (before !== undefined && this.exchange.recorded.isOpen(before)) return 'CLIENT_ID_REUSED';
    const clientIntentionId = names.clientId(command.id, before === undefined ? undefined : line);
    const answer = await this.exchange.post(this.termsOf(clientIntentionId, command), RECORDED);
    if (!answer.ok) return answer.code;
    names.bind(command.id, Number(answer.id));
    return undefined;
  }

  private termsOf(clientIntentionId: string, command: PostLine): PostIntention {
    const { side, price, quantity, timeInForce, expiresAtMs, postOnly, by } = command;
    return {
      clientIntentionId,
      participant: by ?? (side === 'buy' ? BUYER : SELLER),
      instrument: this.symbol,
      side,
      quantity: String(quantity),
      ...(price === 'market' ? { type: 'market' } : { price: String(price) }),
      timeInForce,
      ...(expiresAtMs === undefined ? {} : { expiresAt: new Date(this.startedMs + expiresAtMs).toISOString() }),
      postOnly,
    };
  }
}

function listingOf(symbol: string, terms: FlowTerms): ListInstrument {
  const { tick = 1, lot = 1, min, max, priceRule, selfTrade } = terms;
  return {
    ...{ symbol, tickSize: String(tick), lotSize: String(lot), priceRule, selfTrade },
    ...(min === undefined ? {} : { minPrice: String(min) }),
    ...(max === undefined ? {} : { maxPrice: String(max) }),
  };
}

function codeOf(answer: Answer<object>): string | undefined {
  return answer.ok ? undefined : answer.code;
}
