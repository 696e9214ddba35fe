import type { Answer } from '../exchange/commands.js';
import type { Exchange } from '../exchange/exchange.js';
import type { ShardLog } from '../log/port.js';
import { bookDepthNeeded, checkStep } from './expectations.js';
import type { FlowClock } from './flow-clock.js';
import { emptyTally, type Mismatch, type Tally } from './findings.js';
import type { PostLine, ReduceLine, ReplaceLine, WithdrawLine } from './flow-line.js';
import { Names } from './names.js';
import { openFlow, type OpenOptions } from './open.js';
import type { Outcome } from './outcome.js';
import type { FlowStep, ScenarioStart, StepCommand } from './step.js';
import { LogWitness } from './witness.js';

/** The result of playing a file: what was done, and which expectations held. */
export interface FlowReport {
  readonly file: string;
  readonly format: 'script' | 'lobster';
  /** Symbols of the instruments it was played on, one a scenario. */
  readonly instruments: readonly string[];
  readonly commands: number;
  readonly deals: number;
  readonly tally: Tally;
  /** The first ones only. */
  readonly mismatches: readonly Mismatch[];
  readonly skipped: Readonly<Record<string, number>>;
}

export interface PlayOptions extends Pick<OpenOptions, 'format' | 'stdin'> {
  /** The exchange’s clock. */
  readonly clock: FlowClock;
  /** Symbol of the instrument, instead of the one that the file suggests. */
  readonly instrument?: string | undefined;
  readonly mismatchLimit: number;
  readonly onProgress?: (bytesRead: number, totalBytes: number | undefined) => void;
}

const BUYER = 'buyer';
const SELLER = 'seller';
/** Batches are closed by count and not by time, so that a flow makes the same log whenever and wherever it is played. */
const STEPS_A_BATCH = 1_024;
const RECORDED = 'recorded';

/** A step that has been run, and where in the log it ended. */
interface PlayedStep {
  readonly file: string;
  readonly step: FlowStep;
  readonly refused: string | undefined;
  readonly end: number;
  readonly instrumentId: number;
  readonly names: Names;
}

/** Steps that have been run and whose batch is closed. `durable` resolves once it is in the log, and rejects when the log fails. */
interface ClosedBatch {
  readonly steps: readonly PlayedStep[];
  readonly durable: Promise<void>;
}

/**
 * Plays recorded order flow into the real exchange, one command after the other, and holds every expectation against the durable
 * log. A scenario gets an instrument of its own, so that it begins with an empty board in whatever log it is played into. Buyers
 * and sellers are one participant each; prices and sizes are the file's own integers.
 *
 * 1. What is recorded depends on the flow and the log it is played into, and on nothing else: each command is one millisecond later
 *    than the one before, and a batch is closed after so many steps. That holds where the exchange closes none unless asked.
 * 2. The flow is played on while one batch is being appended, and no further.
 */
export class FlowPlayer {
  private names = new Names('');
  private instrumentId = 0;
  private readonly instruments: string[] = [];
  private played: PlayedStep[] = [];
  private appending: ClosedBatch | undefined;
  private readonly witness: LogWitness;
  private readonly ending = new AbortController();
  private readonly tally = emptyTally();
  private readonly mismatches: Mismatch[] = [];
  private commands = 0;
  private deals = 0;

  constructor(
    private readonly exchange: Exchange,
    log: ShardLog,
    private readonly options: PlayOptions,
  ) {
    // The book is folded from the log's beginning: what stood before the flow began is part of it.
    this.witness = new LogWitness(log.follow(0, this.ending.signal)[Symbol.asyncIterator](), 0);
  }

  /** Throws FlowError for what cannot be read; everything before that line has been played. */
  async play(path: string): Promise<FlowReport> {
    const { stdin, format } = this.options;
    const flow = await openFlow(path, { format, ...(stdin === undefined ? {} : { stdin }) });
    const symbol = this.options.instrument ?? flow.symbol;
    await this.witness.advanceTo(this.exchange.log.durable);
    this.witness.take();
    try {
      for await (const { file, steps, bytesRead, totalBytes } of flow.batches) {
        for (const step of steps) {
          await this.playStep(file, step, symbol);
          if (this.played.length >= STEPS_A_BATCH) await this.closeBatch();
        }
        this.options.onProgress?.(bytesRead, totalBytes);
      }
      await this.closeBatch();
      await this.closeBatch();
    } finally {
      this.ending.abort();
      await this.witness.close();
    }
    const { instruments, commands, deals, tally, mismatches } = this;
    return {
      file: path,
      format: flow.format,
      instruments,
      commands,
      deals,
      tally,
      mismatches,
      skipped: { ...flow.skipped },
    };
  }

  private async playStep(file: string, step: FlowStep, symbol: string): Promise<void> {
    const { command } = step;
    this.options.clock.advance();
    if (command.kind === 'scenario') {
      await this.begin(command, symbol);
      return;
    }
    this.commands++;
    const refused = await this.run(step.lineNumber, command);
    const { names, instrumentId } = this;
    this.played.push({ file, step, refused, end: this.exchange.recorded.head, instrumentId, names });
  }

  /** A scenario starts with an empty exchange: an instrument that nobody has traded yet. */
  private async begin(scenario: ScenarioStart, symbol: string): Promise<void> {
    const wanted = (scenario.name ?? symbol).replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 28);
    let name = wanted;
    for (let copy = 2; this.exchange.recorded.isListed(name); copy++) name = `${wanted}.${copy}`;
    const listed = await this.exchange.list({ symbol: name, tickSize: '1', lotSize: '1' }, RECORDED);
    if (!listed.ok) throw new Error(`cannot list ${name}: ${listed.detail}`);
    if (scenario.initialPhase === 'call') {
      await this.exchange.changePhase({ instrument: name, phase: 'call' }, RECORDED);
    }
    this.names = new Names(name);
    this.instrumentId = this.exchange.recorded.instruments;
    this.instruments.push(name);
  }

  /** Runs one command; the code when it is refused. */
  private async run(line: number, command: Exclude<StepCommand, ScenarioStart>): Promise<string | undefined> {
    const { exchange } = this;
    const instrument = this.names.symbol;
    switch (command.kind) {
      case 'post':
        return this.post(line, command);
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

  private change(id: string, command: WithdrawLine | ReduceLine | ReplaceLine): Promise<Answer<object>> {
    switch (command.kind) {
      case 'withdraw':
        return this.exchange.withdraw({ id }, RECORDED);
      case 'reduce':
        return this.exchange.reduce({ id, by: String(command.quantity) }, RECORDED);
      case 'replace':
        return this.exchange.replace(
          { id, price: String(command.price), quantity: String(command.quantity) },
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
    const isLive = before !== undefined && this.exchange.recorded.isOpen(before);
    const answer = await this.exchange.post(
      {
        clientIntentionId: names.clientId(command.id, before === undefined || isLive ? undefined : line),
        participant: command.side === 'buy' ? BUYER : SELLER,
        instrument: names.symbol,
        side: command.side,
        quantity: String(command.quantity),
        ...(command.price === 'market' ? { type: 'market' } : { price: String(command.price) }),
        ...(command.ioc ? { timeInForce: 'ioc' } : {}),
      },
      RECORDED,
    );
    if (!answer.ok) return answer.code;
    if (isLive) return 'CLIENT_ID_REUSED';
    names.bind(command.id, Number(answer.id));
    return undefined;
  }

  /** Closes the batch that is open, and holds the one before it against the log once that is durable. */
  private async closeBatch(): Promise<void> {
    const before = this.appending;
    const durable = this.exchange.log.flushed();
    durable.catch(() => undefined); // it is looked at when the next batch is closed, which may be never
    this.appending = { steps: this.played, durable };
    this.played = [];
    if (before === undefined) return;
    await before.durable;
    for (const played of before.steps) await this.check(played);
  }

  private async check(played: PlayedStep): Promise<void> {
    if (!this.witness.has(played.end)) await this.witness.advanceTo(played.end);
    this.witness.advanceWithin(played.end);
    const outcome = this.outcomeOf(played);
    for (const mismatch of checkStep(played.file, played.step, outcome, this.tally)) {
      if (this.mismatches.length < this.options.mismatchLimit) this.mismatches.push(mismatch);
    }
  }

  private outcomeOf({ step, refused, names, instrumentId }: PlayedStep): Outcome {
    const { deals, auction } = this.witness.take();
    this.deals += deals.length;
    const depth = bookDepthNeeded(step);
    const book = depth === 0 ? undefined : this.witness.book(instrumentId, depth);
    if (step.command.kind !== 'uncross') {
      return { refused, deals: deals.map((deal) => names.made(deal)), book };
    }
    if (auction === undefined) return { refused, deals: [], book };
    const price = auction.volumeLots === 0 ? undefined : auction.priceTicks;
    const paired = deals.map((deal) => names.paired(deal));
    return { refused, deals: [], auction: { price, volume: auction.volumeLots, deals: paired }, book };
  }
}

function codeOf(answer: Answer<object>): string | undefined {
  return answer.ok ? undefined : answer.code;
}
