import { FlowError, type FlowErrorCode } from '../flow-error.js';
import type { FlowCommand, FlowExpectation, FlowLine, FlowPhase, FlowTerms, UncrossLine } from './flow-line.js';
import type { FlowStep, NumberedExpectation, ScenarioStart, StepCommand } from '../step.js';

/** Lines that are held back, at most, to find out in which phase a scenario begins. */
export const LOOK_AHEAD_LINES = 250_000;
/** Expectations that one command may have, at most. */
export const MAX_EXPECTATIONS = 250_000;

type Open<Part> = { -readonly [Key in keyof Part]: Part[Key] };
type OpenStep = Open<Omit<FlowStep, 'expectations'>> & { expectations: NumberedExpectation[] };

/**
 * Collects lines into steps. It owns the step whose expectations are still coming, the steps of a scenario whose initial
 * phase is not known yet, and the ids posted at market since the exchange was last continuous.
 *
 * 1. Steps are given out in the file's order, complete, and the first of them is a scenario.
 * 2. A scenario begins in call phase if and only if its first `phase`, `uncross` or `deal` line is an `uncross`.
 * 3. No more than LOOK_AHEAD_LINES are held back for that: beyond them, it begins in continuous phase.
 */
export class ScriptBuilder {
  readonly #file: string;
  #ready: FlowStep[] = [];
  #heldBack: OpenStep[] = [];
  #heldBackLines = 0;
  #open: OpenStep | undefined;
  #undecided: Open<ScenarioStart> | undefined;
  #lookAheadEnded = false;
  #mayBeCall = true;
  #marketIntentions = new Set<string>();

  constructor(file: string) {
    this.#file = file;
  }

  add(line: FlowLine, lineNumber: number): void {
    switch (line.kind) {
      case 'comment':
      case 'blank':
        return;
      case 'deal':
      case 'fill':
      case 'book':
      case 'top':
      case 'rejected':
      case 'expired':
      case 'withdrawn':
        return this.#expect(line, lineNumber);
      default:
        return this.#begin(line, lineNumber);
    }
  }

  /** The steps that are complete since it was last asked. */
  take(): readonly FlowStep[] {
    const steps = this.#ready;
    this.#ready = [];
    return steps;
  }

  /** The end of the file: completes what is open. Throws where there was no command. */
  end(): void {
    if (this.#open === undefined) {
      throw this.#error('FLOW_EMPTY', undefined, 'holds no command');
    }
    this.#decide('continuous');
    this.#complete();
  }

  #begin(command: FlowCommand, lineNumber: number): void {
    if (command.kind === 'scenario') return this.#startScenario(command.name, lineNumber);
    if (this.#open === undefined) this.#startScenario(undefined, 1);
    if (command.kind === 'instrument' && this.#listWith(command.terms, lineNumber)) return;
    if (command.kind === 'uncross') this.#decide('call', lineNumber);
    if (command.kind === 'phase') this.#decide('continuous');
    this.#followMarketIntentions(command);
    this.#openStep(command.kind === 'uncross' ? this.#auction(command) : command, lineNumber);
    this.#countHeldBack();
  }

  #startScenario(name: string | undefined, lineNumber: number): void {
    this.#decide('continuous');
    this.#mayBeCall = true;
    this.#marketIntentions = new Set();
    const start: Open<ScenarioStart> = { kind: 'scenario', name, initialPhase: 'continuous' };
    this.#openStep(start, lineNumber);
    this.#undecided = start;
  }

  /** Directly after the start of a scenario: the terms are part of that. False anywhere else. */
  #listWith(terms: FlowTerms, lineNumber: number): boolean {
    const [start, undecided] = [this.#open, this.#undecided];
    if (start === undefined || undecided === undefined || start.command !== undecided) return false;
    if (undecided.terms !== undefined || start.expectations.length > 0) return false;
    undecided.terms = terms;
    start.lineNumber = lineNumber;
    return true;
  }

  #expect(expected: FlowExpectation, lineNumber: number): void {
    if (this.#open === undefined) this.#startScenario(undefined, 1);
    const step = this.#open;
    if (step === undefined) throw new Error('a scenario was started, yet no step is open');
    if (!mayFollow(expected, step.command)) {
      throw this.#error(
        'FLOW_MISPLACED_LINE',
        lineNumber,
        `\`${expected.kind}\` cannot follow \`${step.command.kind}\``,
      );
    }
    if (step.expectations.length >= MAX_EXPECTATIONS) {
      throw this.#error('FLOW_TOO_MUCH_STATE', lineNumber, `more than ${MAX_EXPECTATIONS} expectations of one command`);
    }
    if (expected.kind === 'deal') this.#decide('continuous');
    step.expectations.push({ lineNumber, expected });
    this.#countHeldBack();
  }

  /** Fixes the initial phase of the scenario that waits for it, if one does. */
  #decide(initialPhase: FlowPhase, uncrossLineNumber?: number): void {
    if (uncrossLineNumber !== undefined && this.#lookAheadEnded) {
      const hint = 'say `phase call` at the start, as it is too far away for this `uncross` to tell';
      throw this.#error('FLOW_PHASE_TOO_LATE', uncrossLineNumber, hint);
    }
    this.#lookAheadEnded = false;
    if (this.#undecided === undefined) return;
    this.#undecided.initialPhase = initialPhase;
    this.#undecided = undefined;
    for (const step of this.#heldBack) this.#ready.push(step);
    this.#heldBack = [];
    this.#heldBackLines = 0;
    if (initialPhase === 'continuous') this.#leaveCall();
  }

  #countHeldBack(): void {
    if (this.#undecided === undefined) return;
    this.#heldBackLines += 1;
    if (this.#heldBackLines < LOOK_AHEAD_LINES) return;
    this.#decide('continuous');
    this.#lookAheadEnded = true;
  }

  #followMarketIntentions(command: FlowCommand): void {
    if (command.kind === 'phase') {
      if (command.phase === 'call') this.#mayBeCall = true;
      else this.#leaveCall();
    }
    if (!this.#mayBeCall || (command.kind !== 'post' && command.kind !== 'replace')) return;
    if (command.price === 'market') this.#marketIntentions.add(command.id);
    else this.#marketIntentions.delete(command.id);
  }

  #leaveCall(): void {
    this.#mayBeCall = false;
    this.#marketIntentions.clear();
  }

  #auction(line: UncrossLine): StepCommand {
    const marketIntentions = this.#marketIntentions;
    this.#marketIntentions = new Set();
    return { kind: 'uncross', price: line.price, volume: line.volume, marketIntentions };
  }

  #openStep(command: StepCommand, lineNumber: number): void {
    this.#complete();
    this.#open = { lineNumber, command, expectations: [], dealsStated: true, mayBeUnknown: false };
  }

  #complete(): void {
    if (this.#open === undefined) return;
    if (this.#undecided === undefined) this.#ready.push(this.#open);
    else this.#heldBack.push(this.#open);
    this.#open = undefined;
  }

  #error(code: FlowErrorCode, lineNumber: number | undefined, problem: string): FlowError {
    return new FlowError(code, { file: this.#file, line: lineNumber }, problem);
  }
}

/**
 * A new scenario has a book, and may be refused where a line states its terms. Of the time that passes only expiries can be expected
 * besides. Only an auction has fills.
 */
function mayFollow({ kind }: FlowExpectation, command: StepCommand): boolean {
  if (kind === 'book' || kind === 'top') return true;
  if (command.kind === 'scenario') return kind === 'rejected' && command.terms !== undefined;
  if (command.kind === 'at') return kind === 'expired';
  return kind !== 'fill' || command.kind === 'uncross';
}
