/**
 * Walks along the log with the naive exchange: takes each command where it stands, and demands that the log goes on exactly as the
 * naive exchange says, event by event, until the next command.
 *
 * 1. What the market was before a position follows from what clients asked and from the order in which it stands in the log. Of the
 *    log itself only two things are taken over: the times that events name, and where something fell due.
 * 2. Where the log goes on otherwise, the walk ends: what comes after that is compared with nothing.
 */
import { type Assertion, isOfCommand } from './claims.js';
import type { Finding, FindingKind } from './findings.js';
import { type LogEvent, outcomeOf } from './history.js';
import { judge } from './judge.js';
import { expired, stepsOfCommand } from './naive/naive-exchange.js';
import { canonical, shortened, wordsOf } from './same.js';
import { answerTo } from './naive/shown.js';
import { State, type Step } from './naive/state.js';

/** Looks at the market as it stands before each position, the last one after the end of the log. */
export type Onlooker = (state: State) => void;

interface UnderWay {
  readonly claim: Assertion;
  readonly position: number;
  readonly steps: Generator<Step, void>;
  next: IteratorResult<Step, void>;
}

export class Walk {
  readonly state = new State();
  readonly findings: Finding[] = [];
  /** By the position of a command: the one after its last event. */
  readonly ends = new Map<number, number>();
  private underWay: UnderWay | undefined;

  constructor(
    private readonly log: readonly LogEvent[],
    private readonly claims: ReadonlyMap<number, Assertion>,
  ) {}

  /** Up to which position the log is as the naive exchange says. */
  get validUpTo(): number {
    return this.state.position;
  }

  run(onlooker?: Onlooker): this {
    for (const event of this.log) {
      onlooker?.(this.state);
      if (event.position !== this.state.position) {
        this.find('unlikeModel', event, `the log has no event ${this.state.position}; it goes on at ${event.position}`);
        return this;
      }
      if (!this.take(event)) return this;
      this.endIfDone();
    }
    onlooker?.(this.state);
    return this;
  }

  /** False where the log is not as it must be. */
  private take(event: LogEvent): boolean {
    const { state } = this;
    if (event.type === 'BatchSealed' || event.type === 'ShardStarted') {
      state.tick(event.position, timeOf(event));
      return true;
    }
    if (this.underWay === undefined && event.type === 'IntentionExpired') return this.expire(event);
    this.underWay ??= this.begin(event);
    const { underWay } = this;
    if (underWay === undefined) return false;
    const step = underWay.next.done === true ? undefined : underWay.next.value;
    if (step === undefined || !isAsSaid(step, event)) {
      const expected = step === undefined ? 'nothing more' : `${step.type} ${shortened(step.fields)}`;
      const whose = wordsOf(underWay.claim.first);
      this.find(
        'unlikeModel',
        event,
        `after ${whose} there must come ${expected}, and there comes ${shortened(event)}`,
      );
      return false;
    }
    state.apply(step, event.position, timeOf(event));
    underWay.next = underWay.steps.next();
    return true;
  }

  private begin(event: LogEvent): UnderWay | undefined {
    const position = this.headFrom(event.position);
    const claim = this.claims.get(position);
    if (claim === undefined) {
      this.find('uninvited', event, `nobody asked for ${shortened(event)}`);
      return undefined;
    }
    const refusal = this.overdue(event) ?? judge(this.state, claim.command);
    if (refusal !== undefined) {
      this.find('unlikeModel', event, `${wordsOf(claim.first)} is there, and must not be: ${refusal}`);
      return undefined;
    }
    const steps = stepsOfCommand(this.state, claim.command);
    return { claim, position, steps, next: steps.next() };
  }

  /** The position of the command's own event, before which a participant may be admitted and market remainders withdrawn. */
  private headFrom(position: number): number {
    let head = position;
    for (let event = this.log[head]; event !== undefined && !isOfCommand(event); event = this.log[head]) head++;
    return head;
  }

  /** What is due by the time of a command falls due before it. */
  private overdue(event: LogEvent): string | undefined {
    const atMs = timeOf(event);
    for (const { open } of this.state.instruments) {
      for (const { id, expiresAtMs } of open) {
        if (expiresAtMs > 0 && expiresAtMs <= atMs) return `intention ${id} should have expired at ${expiresAtMs}`;
      }
    }
    return undefined;
  }

  private expire(event: LogEvent): boolean {
    const order = this.state.order(Number(event.intentionId));
    if (order?.status !== 'open' || order.expiresAtMs === 0 || order.expiresAtMs > timeOf(event)) {
      this.find('unlikeModel', event, `${shortened(event)}: it was not due`);
      return false;
    }
    this.state.apply(expired(order), event.position, timeOf(event));
    return true;
  }

  private endIfDone(): void {
    const { underWay, state } = this;
    if (underWay?.next.done !== true) return;
    this.underWay = undefined;
    const { claim, position } = underWay;
    this.ends.set(position, state.position);
    const expected = answerTo(state, claim.command, position);
    const done = claim.operations.find((operation) => outcomeOf(operation) === 'done');
    if (done === undefined || canonical(done.reply?.body) === canonical(expected)) return;
    const message = `${wordsOf(done)} was answered ${shortened(done.reply?.body)}, and it came to ${shortened(expected)}`;
    this.findings.push({ kind: 'answer', about: done.ask.kind, position, message });
  }

  private find(kind: FindingKind, { position }: LogEvent, message: string): void {
    this.findings.push({ kind, about: 'log', position, message: `${position}: ${message}` });
  }
}

function timeOf({ atMs }: LogEvent): number {
  return typeof atMs === 'number' ? atMs : 0;
}

function isAsSaid({ type, fields }: Step, event: LogEvent): boolean {
  return type === event.type && Object.entries(fields).every(([name, value]) => event[name] === value);
}
