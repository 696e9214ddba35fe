import type { Decision, Letter } from '../../src/domain/letter.js';
import { Message } from '../../src/domain/mailbox.js';
import { Interned } from './interned.js';
import { type Input, live, type Seen } from './life.js';
import { dealOf, type Logs } from './logs.js';
import { meaningOf } from './event-log.js';
import type { Sometimes } from './world.js';
import type { Event } from '../../src/events/event.js';

/** A process somewhere in its life. Two that nobody can tell apart, now or later, are one. */
export interface Living extends Seen {
  readonly number: number;
  readonly openedOn: number;
  readonly inputs: readonly Input[];
  /** The log as it knows it, and as it will be once what is pending is durable. */
  readonly knownLog: number;
  readonly viewLog: number;
  /** How it is once what is pending has been appended. */
  readonly committed: Seen | undefined;
}

/** Where an input leads. Undefined: the process has stopped. */
export interface Turn {
  readonly to: Living | undefined;
  readonly letters: readonly number[];
  readonly wasAppended: boolean;
}

const COMMIT: Input = { kind: 'commit', outcome: 'appended' };
const FENCED: Input = { kind: 'commit', outcome: 'fenced' };

/**
 * Every life that was lived so far, each step of it once. Worlds have millions of states, but what one process can go through is
 * little: its turns depend on nothing but what it was told.
 */
export class Lives {
  readonly letters = new Interned<Letter>();
  readonly inputs = new Interned<Input>();
  readonly commit = this.input(COMMIT);
  readonly fenced = this.input(FENCED);
  readonly deadline = this.input({ kind: 'deadline' });
  private readonly livings = new Interned<Living>();
  /** By the number of the living, then by that of the input. */
  private readonly turns: Map<number, Turn>[] = [];
  private readonly beginnings = new Map<string, Living>();
  private readonly refusals = new Set<string>();
  readonly seen = new Set<Sometimes>();
  /** Lives lived, the same beginnings over and over. */
  lived = 0;

  constructor(private readonly logs: Logs) {}

  get size(): number {
    return this.livings.size;
  }

  at(number: number): Living {
    return this.livings.at(number);
  }

  letter(letter: Letter): number {
    return this.letters.add(Object.values(letter).join(), () => letter);
  }

  /** A process opens the log, fences, and replays. */
  async begin(log: number): Promise<Living> {
    const known = this.beginnings.get(String(log));
    if (known !== undefined) return known;
    const living = await this.settle(log, [], await this.live(log, []), log);
    this.beginnings.set(String(log), living);
    const { accepted, settled } = this.logs.at(log).facts;
    for (const [deal, { intentionId }] of accepted) {
      if (!settled.has(`${intentionId} ${deal}`)) this.seen.add('a doubt held through a crash');
    }
    return living;
  }

  input(input: Input): number {
    return this.inputs.add(keyOf(input), () => input);
  }

  /** The turn, if somebody has taken it before. */
  known(living: Living, input: number): Turn | undefined {
    return this.turns[living.number]?.get(input);
  }

  async tell(living: Living, inputNumber: number): Promise<Turn> {
    const known = this.known(living, inputNumber);
    if (known !== undefined) return known;
    const input = this.inputs.at(inputNumber);
    const inputs = [...living.inputs, input];
    const ahead = inputNumber === this.commit ? living.committed : undefined;
    const seen = ahead ?? (await this.live(living.openedOn, inputs));
    const turn = await this.turn(living, input, inputs, seen);
    (this.turns[living.number] ??= new Map<number, Turn>()).set(inputNumber, turn);
    this.note(living, input, turn);
    return turn;
  }

  private async turn(living: Living, input: Input, inputs: readonly Input[], seen: Seen): Promise<Turn> {
    const letters = seen.letters.map((letter) => this.letter(letter));
    if (seen.hasStopped && seen.findings.length === 0) return { to: undefined, letters, wasAppended: false };
    const wasAppended = input.kind === 'commit';
    const knownLog = wasAppended ? this.logs.append(living.knownLog, living.pending) : living.knownLog;
    const to = await this.settle(living.openedOn, inputs, seen, knownLog);
    return { to, letters, wasAppended };
  }

  /** Finds out what waits to be sent by sending it, in a life of its own. */
  private async settle(openedOn: number, inputs: readonly Input[], seen: Seen, knownLog: number): Promise<Living> {
    const committed = seen.isDirty ? await this.live(openedOn, [...inputs, COMMIT]) : undefined;
    const { pending, lookUps, timers, hasStarted, hasStopped, findings } = seen;
    const viewLog = this.logs.append(knownLog, pending);
    // Letters are never lost from a state, so another copy makes no difference.
    const sent = [...new Set(committed?.letters.map((letter) => this.letter(letter)))].sort(
      (one, other) => one - other,
    );
    const key = JSON.stringify([
      [knownLog, viewLog, hasStarted, hasStopped, seen.isDirty],
      [lookUps, timers, sent, findings],
    ]);
    const number = this.livings.add(key, (number) => ({
      ...seen,
      number,
      openedOn,
      inputs,
      knownLog,
      viewLog,
      committed,
    }));
    return this.at(number);
  }

  /** A log that gives no answer, or a refusal, lets nothing out: the process stops and is silent. Returns what is wrong with that. */
  async refuse(living: Living, outcome: 'fenced' | 'unknown'): Promise<string | undefined> {
    const key = `${living.number} ${outcome}`;
    if (this.refusals.has(key)) return undefined;
    this.refusals.add(key);
    const { letters, hasStopped } = await this.live(living.openedOn, [...living.inputs, { kind: 'commit', outcome }]);
    if (letters.length > 0) return `it sends ${letters.length} letters though its log said ${outcome}`;
    return hasStopped ? undefined : `it goes on though its log said ${outcome}`;
  }

  private live(log: number, inputs: readonly Input[]): Promise<Seen> {
    this.lived++;
    const { shard, events } = this.logs.at(log);
    return live(shard, events, inputs);
  }

  private note(before: Living, input: Input, { to, letters }: Turn): void {
    if (input.kind === 'ledger' && input.decision === undefined)
      this.seen.add('a ledger that was silent when it was read');
    if (input.kind === 'commit' && input.outcome === 'fenced' && before.pending.length > 0) {
      this.seen.add('an old writer fenced with a batch in its hand');
    }
    const opened = this.logs.at(before.openedOn).facts;
    const kinds = letters.map((letter) => this.letters.at(letter));
    if (
      kinds.some(
        (letter) => letter.kind === Message.Proposal && opened.proposed.has(`${letter.fromId}-${letter.dealNumber}`),
      )
    ) {
      this.seen.add('a proposal repeated after a restart');
    }
    if (to === undefined) return;
    if (input.kind !== 'letter') return;
    const { kind, fromId, toId, dealNumber } = input.letter;
    const view = this.logs.at(before.viewLog).facts;
    if (
      kind === Message.Proposal &&
      to.viewLog === before.viewLog &&
      kinds.some((letter) => letter.kind === Message.Acceptance)
    ) {
      this.seen.add('a copy of a proposal answered by the same acceptance');
    }
    const deal = dealOf({ initiatorId: toId, dealNumber });
    if (kind === Message.Acceptance && view.decided.get(deal)?.type === 'DealAborted' && fromId !== 0) {
      this.seen.add('an acceptance that came too late');
    }
  }
}

function keyOf(input: Input): string {
  switch (input.kind) {
    case 'letter':
      return `letter ${Object.values(input.letter).join()}`;
    case 'ledger':
      return `ledger ${input.deal} ${decisionKey(input.decision)}`;
    case 'deadline':
      return 'deadline';
    case 'commit':
      return `commit ${input.outcome}`;
    case 'post':
      return `post ${input.posting.id}`;
  }
}

function decisionKey(decision: Decision | undefined): string {
  return decision === undefined ? 'silent' : Object.values(decision).join();
}

/** What was pending as a story tells it. */
export function added(before: readonly Event[], after: readonly Event[]): readonly Event[] {
  const known = new Set(before.map(meaningOf));
  return after.filter((event) => !known.has(meaningOf(event)));
}
