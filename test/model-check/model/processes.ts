import { isDeepStrictEqual } from 'node:util';
import type { DealDecision, ShardMessage } from '../../../src/domain/handshake/shard-message.js';
import { MessageKind } from '../../../src/domain/negotiators/mailbox.js';
import { Interned } from '../interned.js';
import { type Input, runProcess, type Seen } from './process.js';
import { dealOf, type Logs } from './logs.js';
import { meaningOf } from './event-log.js';
import type { Sometimes } from './model.js';
import type { Event } from '../../../src/events/event.js';

/** A process at some point of its run. Two that nobody can tell apart, now or later, are one. */
export interface ModelledProcess extends Seen {
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
  readonly to: ModelledProcess | undefined;
  readonly messages: readonly number[];
  readonly wasAppended: boolean;
}

const COMMIT: Input = { kind: 'commit', outcome: 'appended' };
const FENCED: Input = { kind: 'commit', outcome: 'fenced' };

/**
 * Every run of a process so far, each step of it once. Models have millions of states, but what one process can go through is
 * little: its turns depend on nothing but its inputs.
 */
export class Processes {
  readonly messages = new Interned<ShardMessage>();
  readonly inputs = new Interned<Input>();
  readonly commit = this.input(COMMIT);
  readonly fenced = this.input(FENCED);
  readonly deadline = this.input({ kind: 'deadline' });
  private readonly livings = new Interned<ModelledProcess>();
  /** By the number of the process, then by that of the input. */
  private readonly turns: Map<number, Turn>[] = [];
  private readonly beginnings = new Map<string, ModelledProcess>();
  private readonly refusals = new Set<string>();
  readonly seen = new Set<Sometimes>();
  /** Processes lived, the same beginnings over and over. */
  lived = 0;

  constructor(
    private readonly logs: Logs,
    /** Whether to live each process twice, with its handshakes fused and by messages: both must come to the same. */
    private readonly isCompared: boolean,
  ) {}

  get size(): number {
    return this.livings.size;
  }

  at(number: number): ModelledProcess {
    return this.livings.at(number);
  }

  message(message: ShardMessage): number {
    return this.messages.add(Object.values(message).join(), () => message);
  }

  /** A process opens the log, fences, and replays. */
  async begin(log: number): Promise<ModelledProcess> {
    const known = this.beginnings.get(String(log));
    if (known !== undefined) return known;
    const process = await this.settle(log, [], await this.live(log, []), log);
    this.beginnings.set(String(log), process);
    const { accepted, settled } = this.logs.at(log).facts;
    for (const [deal, { intentionId }] of accepted) {
      if (!settled.has(`${intentionId} ${deal}`)) this.seen.add('a doubt held through a crash');
    }
    return process;
  }

  input(input: Input): number {
    return this.inputs.add(keyOf(input), () => input);
  }

  /** The turn, if somebody has taken it before. */
  known(process: ModelledProcess, input: number): Turn | undefined {
    return this.turns[process.number]?.get(input);
  }

  async tell(process: ModelledProcess, inputNumber: number): Promise<Turn> {
    const known = this.known(process, inputNumber);
    if (known !== undefined) return known;
    const input = this.inputs.at(inputNumber);
    const inputs = [...process.inputs, input];
    const ahead = inputNumber === this.commit ? process.committed : undefined;
    const seen = ahead ?? (await this.live(process.openedOn, inputs));
    const turn = await this.turn(process, input, inputs, seen);
    (this.turns[process.number] ??= new Map<number, Turn>()).set(inputNumber, turn);
    this.note(process, input, turn);
    return turn;
  }

  private async turn(process: ModelledProcess, input: Input, inputs: readonly Input[], seen: Seen): Promise<Turn> {
    const messages = seen.messages.map((message) => this.message(message));
    if (seen.hasStopped && seen.findings.length === 0) return { to: undefined, messages, wasAppended: false };
    const wasAppended = input.kind === 'commit';
    const knownLog = wasAppended ? this.logs.append(process.knownLog, process.pending) : process.knownLog;
    const to = await this.settle(process.openedOn, inputs, seen, knownLog);
    return { to, messages, wasAppended };
  }

  /** Finds out what waits to be sent by sending it, in a run of its own. */
  private async settle(
    openedOn: number,
    inputs: readonly Input[],
    seen: Seen,
    knownLog: number,
  ): Promise<ModelledProcess> {
    const committed = seen.isDirty ? await this.live(openedOn, [...inputs, COMMIT]) : undefined;
    const { pending, lookUps, timers, hasStarted, hasStopped, findings } = seen;
    const viewLog = this.logs.append(knownLog, pending);
    // Messages are never lost from a state, so another copy makes no difference.
    const sent = [...new Set(committed?.messages.map((message) => this.message(message)))].sort(
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
  async refuse(process: ModelledProcess, outcome: 'fenced' | 'unknown'): Promise<string | undefined> {
    const key = `${process.number} ${outcome}`;
    if (this.refusals.has(key)) return undefined;
    this.refusals.add(key);
    const { messages, hasStopped } = await this.live(process.openedOn, [
      ...process.inputs,
      { kind: 'commit', outcome },
    ]);
    if (messages.length > 0) return `it sends ${messages.length} messages though its log said ${outcome}`;
    return hasStopped ? undefined : `it goes on though its log said ${outcome}`;
  }

  private async live(log: number, inputs: readonly Input[]): Promise<Seen> {
    this.lived++;
    const { shard, events } = this.logs.at(log);
    const seen = await runProcess(shard, events, inputs);
    if (!this.isCompared || isDeepStrictEqual(seen, await runProcess(shard, events, inputs, false))) return seen;
    return { ...seen, findings: [...seen.findings, 'it comes to something else where handshakes go by messages'] };
  }

  private note(before: ModelledProcess, input: Input, { to, messages }: Turn): void {
    if (input.kind === 'ledger' && input.decision === undefined)
      this.seen.add('a ledger that was silent when it was read');
    if (input.kind === 'commit' && input.outcome === 'fenced' && before.pending.length > 0) {
      this.seen.add('an old writer fenced with a batch in its hand');
    }
    const opened = this.logs.at(before.openedOn).facts;
    const kinds = messages.map((message) => this.messages.at(message));
    if (
      kinds.some(
        (message) =>
          message.kind === MessageKind.Proposal && opened.proposed.has(`${message.fromId}-${message.dealNumber}`),
      )
    ) {
      this.seen.add('a proposal repeated after a restart');
    }
    if (to === undefined) return;
    if (input.kind !== 'message') return;
    const { kind, fromId, toId, dealNumber } = input.message;
    const view = this.logs.at(before.viewLog).facts;
    if (
      kind === MessageKind.Proposal &&
      to.viewLog === before.viewLog &&
      kinds.some((message) => message.kind === MessageKind.Acceptance)
    ) {
      this.seen.add('a copy of a proposal answered by the same acceptance');
    }
    const deal = dealOf({ initiatorId: toId, dealNumber });
    if (kind === MessageKind.Acceptance && view.decided.get(deal)?.type === 'DealAborted' && fromId !== 0) {
      this.seen.add('an acceptance that came too late');
    }
  }
}

function keyOf(input: Input): string {
  switch (input.kind) {
    case 'message':
      return `message ${Object.values(input.message).join()}`;
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

function decisionKey(decision: DealDecision | undefined): string {
  return decision === undefined ? 'silent' : Object.values(decision).join();
}

/** What was pending as a trace tells it. */
export function added(before: readonly Event[], after: readonly Event[]): readonly Event[] {
  const known = new Set(before.map(meaningOf));
  return after.filter((event) => !known.has(meaningOf(event)));
}
