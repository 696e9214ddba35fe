import type { Exchange } from '../../exchange/exchange.js';
import type { ShardLog } from '../../log/port.js';
import { bookDepthNeeded, checkStep } from '../checks/expectations.js';
import { emptyTally, type Mismatch, type Tally } from '../checks/findings.js';
import { FlowError, type FlowPlace } from '../flow-error.js';
import { openFlow, type OpenOptions } from '../open.js';
import { shownTime } from '../script/fields.js';
import type { AtLine } from '../script/flow-line.js';
import { type FlowStep, isCommand, type ScenarioStart } from '../step.js';
import type { FlowClock } from './flow-clock.js';
import type { Outcome } from './outcome.js';
import { Scenario } from './scenario.js';
import { LogWitness, type Watched } from './witness.js';

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

/** Batches are closed by count and not by time, so that a flow makes the same log whenever and wherever it is played. */
const STEPS_A_BATCH = 1_024;
/** Leaves room for the number of a copy in the 32 characters of a symbol. */
const MAX_SYMBOL_STEM = 28;

/** A step that has been run, and where in the log it ended. */
interface PlayedStep {
  readonly file: string;
  readonly step: FlowStep;
  readonly refused: string | undefined;
  readonly end: number;
  readonly scenario: Scenario;
  readonly watched: Watched;
}

/** Steps that have been run and whose batch is closed. `durable` resolves once it is in the log, and rejects when the log fails. */
interface ClosedBatch {
  readonly steps: readonly PlayedStep[];
  readonly durable: Promise<void>;
}

/**
 * Plays recorded order flow into the real exchange, one command after the other, and holds every expectation against the
 * durable log.
 *
 * 1. What is recorded depends on the flow and the log it is played into, and on nothing else: each command is one millisecond later
 *    than the one before unless the flow says, and a batch is closed after so many steps. That holds where the exchange closes none unless asked.
 * 2. The flow is played on while one batch is being appended, and no further.
 */
export class FlowPlayer {
  private scenario: Scenario | undefined;
  /** Of each symbol that was wanted, the number of its next copy. */
  private readonly copies = new Map<string, number>();
  private readonly instruments: string[] = [];
  private played: PlayedStep[] = [];
  /** How many of them began no scenario. */
  private stepsInBatch = 0;
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
    // Each scenario has an instrument of its own: what stands in the log already is on others.
    const { durable } = exchange.log;
    this.witness = new LogWitness(log.follow(durable, this.ending.signal)[Symbol.asyncIterator](), durable);
  }

  /** Throws FlowError for what cannot be read; everything before that line has been played. */
  async play(path: string): Promise<FlowReport> {
    const { stdin, format } = this.options;
    const flow = await openFlow(path, { format, ...(stdin === undefined ? {} : { stdin }) });
    const symbol = this.options.instrument ?? flow.symbol;
    try {
      for await (const { file, steps, bytesRead, totalBytes } of flow.batches) {
        for (const step of steps) {
          await this.playStep(file, step, symbol);
          if (this.stepsInBatch >= STEPS_A_BATCH) await this.closeBatch();
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
    const { command, lineNumber } = step;
    if (command.kind === 'scenario') return this.begin(file, step, command, symbol);
    const { scenario } = this;
    if (scenario === undefined) throw new Error('a flow begins with a scenario');
    if (command.kind === 'at') {
      this.letPass(scenario, command, { file, line: lineNumber });
      this.note({ file, step, refused: undefined, scenario });
      return;
    }
    this.options.clock.advance();
    const refused = await scenario.run(lineNumber, command);
    this.note({ file, step, refused, scenario });
  }

  /** A scenario starts with an empty exchange: an instrument that nobody has traded yet. */
  private async begin(file: string, step: FlowStep, start: ScenarioStart, symbol: string): Promise<void> {
    const { clock } = this.options;
    const wanted = (start.name ?? symbol).replace(/[^A-Za-z0-9._-]/g, '-').slice(0, MAX_SYMBOL_STEM);
    const scenario = new Scenario(this.exchange, this.freeSymbol(wanted), clock.now());
    clock.advance();
    const refused = await scenario.begin(start);
    if (refused !== undefined && start.terms === undefined) throw new Error(`cannot list ${wanted}: ${refused}`);
    this.scenario = scenario;
    this.instruments.push(scenario.symbol);
    if (isCommand(step) || step.expectations.length > 0) this.note({ file, step, refused, scenario });
  }

  /** The wanted symbol, or with the next number that nobody has: each is tried but once. */
  private freeSymbol(wanted: string): string {
    let copy = this.copies.get(wanted) ?? 1;
    let symbol = copy === 1 ? wanted : `${wanted}.${copy}`;
    while (this.exchange.recorded.isListed(symbol)) symbol = `${wanted}.${++copy}`;
    this.copies.set(wanted, copy + 1);
    return symbol;
  }

  private letPass({ startedMs }: Scenario, { timeMs }: AtLine, where: FlowPlace): void {
    const { clock } = this.options;
    const nowMs = clock.now() - startedMs;
    if (timeMs < nowMs) throw new FlowError('FLOW_TIME_PASSED', where, `it is ${shownTime(nowMs)} already`);
    clock.passTo(startedMs + timeMs);
  }

  private note(played: Omit<PlayedStep, 'end' | 'watched'>): void {
    const { step, scenario } = played;
    if (isCommand(step)) this.commands++;
    if (step.command.kind !== 'scenario') this.stepsInBatch++;
    const watched = { instrumentId: scenario.instrumentId, ...scenario.steps };
    this.played.push({ ...played, watched, end: this.exchange.recorded.head });
  }

  /** Closes the batch that is open, and holds the one before it against the log once that is durable. */
  private async closeBatch(): Promise<void> {
    const before = this.appending;
    const durable = this.exchange.log.flushed();
    durable.catch(() => undefined); // it is looked at when the next batch is closed, which may be never
    this.appending = { steps: this.played, durable };
    this.played = [];
    this.stepsInBatch = 0;
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

  private outcomeOf({ step, refused, scenario: { names }, watched }: PlayedStep): Outcome {
    const { deals, auction, endings: ended } = this.witness.take(watched);
    this.deals += deals.length;
    const depth = bookDepthNeeded(step);
    const book = depth === 0 ? undefined : this.witness.book(watched, depth);
    const endings = names.endings(ended);
    if (step.command.kind !== 'uncross') {
      return { refused, deals: deals.map((deal) => names.made(deal)), endings, book };
    }
    if (auction === undefined) return { refused, deals: [], endings, book };
    const { volume } = auction;
    const price = volume === 0 ? undefined : auction.price;
    const paired = deals.map((deal) => names.paired(deal));
    return { refused, deals: [], auction: { price, volume, deals: paired }, endings, book };
  }
}
