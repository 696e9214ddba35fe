/**
 * Stands in for server, clients and log: makes histories with the naive exchange, in which everything is right. Clients ask one after
 * the other, by a clock of its own. A liar may stand between.
 */
import { Random } from '../support/random.js';
import type { Ask, Command, History, Json, LogEvent, Operation, Reply } from './checker/history.js';
import { isCommand, outcomeOf, positionIn } from './checker/history.js';
import { judge } from './checker/judge.js';
import { expired, stepsOfCommand } from './checker/naive/naive-exchange.js';
import { answerEnded, answerTo, shown } from './checker/naive/shown.js';
import { State, type Step } from './checker/naive/state.js';
import { instrumentBody, MIDDLE_TICKS, symbols } from './clients/market.js';
import type { Liar } from './mutants.js';
import { requestFor } from './clients/requests.js';
import { type Known, Wishes } from './clients/wishes.js';

const STEP_MS = 12;
const EVENTS_SHOWN = 30;

export class StagedHistory {
  readonly operations: Operation[] = [];
  readonly log: LogEvent[] = [];
  private readonly state = new State();
  private readonly answers = new Map<string, Reply>();
  private readonly known: Known = { posts: [], listed: [], position: 0 };
  private clockMs = 0;
  private readonly beganAtMs = Date.now();

  constructor(
    private readonly seed: number,
    private readonly liar: Liar = {},
  ) {}

  /** So many operations, and a last look at the positions. */
  play(count: number): History {
    const random = new Random(this.seed);
    const wishes = new Wishes('staged', random, this.known);
    this.record('ShardStarted', { epoch: 1, atMs: this.atMs });
    for (const symbol of symbols) this.ask({ kind: 'list', symbol, body: instrumentBody(symbol, 1, 2 * MIDDLE_TICKS) });
    while (this.operations.length < count) {
      const symbol = symbols[random.below(symbols.length)] ?? '';
      if (random.chance(1, 60)) this.ask({ kind: 'phase', symbol, phase: 'call' });
      else if (random.chance(1, 20)) this.reopen(symbol);
      else if (random.chance(1, 50)) this.ask({ kind: 'events', from: Math.max(0, this.log.length - EVENTS_SHOWN) });
      else this.ask(random.chance(1, 3) ? wishes.look() : wishes.trade());
    }
    this.ask({ kind: 'positions', limit: 1_000 });
    return this;
  }

  private reopen(symbol: string): void {
    this.ask({ kind: 'uncross', symbol });
    this.ask({ kind: 'phase', symbol, phase: 'continuous' });
  }

  private get atMs(): number {
    return this.beganAtMs + this.clockMs;
  }

  /** One thing more. Returns what came of it. */
  ask(ask: Ask): Operation {
    const number = this.operations.length;
    const beganMs = this.clockMs;
    const request = requestFor(ask);
    const honest =
      this.liar.instead?.(request) ?? this.answer({ number, ask, beganMs, endedMs: beganMs, reply: undefined });
    const reply = this.liar.distort?.(request, honest) ?? honest;
    this.clockMs += STEP_MS;
    const operation = { number, ask, beganMs, endedMs: this.clockMs - 1, reply };
    this.operations.push(operation);
    this.known.position = Math.max(this.known.position, positionIn(reply) ?? 0);
    const { id } = reply.body;
    if (ask.kind === 'post' && outcomeOf(operation) === 'done' && typeof id === 'string') {
      this.known.posts.push({ id, body: ask.body });
    }
    return operation;
  }

  private answer(operation: Operation): Reply {
    if (isCommand(operation)) return this.command(operation.ask);
    const { ask } = operation;
    if (ask.kind === 'events') return { status: 200, body: { events: this.log.slice(ask.from) } };
    if (isCommand({ ...operation, ask })) throw new Error('a command is no query');
    const { status, body } = shown(this.state, ask as Exclude<Ask, Command | { kind: 'events' }>); // commands and feeds have left above
    const isList = ['intentions', 'deals', 'positions', 'book'].includes(ask.kind);
    return { status, body: isList && status === 200 ? { ...body, position: this.state.position } : body };
  }

  private command(command: Command): Reply {
    const { state, atMs } = this;
    for (const { open } of state.instruments) {
      for (const order of open) if (order.expiresAtMs > 0 && order.expiresAtMs <= atMs) this.take(expired(order));
    }
    const earlier = this.earlier(command);
    if (earlier !== undefined) return earlier;
    const order = command.kind === 'withdraw' ? state.order(command.id) : undefined;
    if (order !== undefined && order.status !== 'open') return { status: 200, body: answerEnded(order) };
    const code = judge(state, command);
    if (code !== undefined) return { status: 409, body: { code } };
    const own = this.carryOut(command);
    const reply = { status: command.kind === 'post' ? 201 : 200, body: answerTo(state, command, own) };
    if (command.kind === 'post') this.answers.set(keyOf(command), { ...reply, body: { ...reply.body } });
    return reply;
  }

  /** The answer that the same client id got, or that its second use gets. */
  private earlier(command: Command): Reply | undefined {
    if (command.kind !== 'post') return undefined;
    const reply = this.answers.get(keyOf(command));
    if (reply === undefined) return undefined;
    const before = this.known.posts.find(({ body }) => keyOf({ kind: 'post', body }) === keyOf(command));
    const isSame = before === undefined || before.body.quantity === command.body.quantity;
    return isSame ? reply : { status: 409, body: { code: 'CLIENT_ID_REUSED' } };
  }

  /** Returns the position of the command's own event. */
  private carryOut(command: Command): number {
    let own = this.log.length;
    for (const step of stepsOfCommand(this.state, command)) {
      const isLead = step.type === 'ParticipantAdmitted' || (command.kind === 'phase' && step.type !== 'PhaseChanged');
      if (isLead) own = this.log.length + 1;
      this.take(step);
    }
    this.record('BatchSealed', { digest: `${this.log.length}` });
    return own;
  }

  private take(step: Step): void {
    const hasTime = !/^(Proposal|Deal)/.test(step.type);
    this.state.apply(step, this.log.length, hasTime ? this.atMs : 0);
    this.log.push({ position: this.log.length, type: step.type, ...step.fields, ...(hasTime && { atMs: this.atMs }) });
  }

  private record(type: string, fields: Json): void {
    this.state.tick(this.log.length, 0);
    this.log.push({ position: this.log.length, type, ...fields });
  }
}

function keyOf({ body }: Extract<Command, { kind: 'post' }>): string {
  return `${body.participant} ${body.clientIntentionId}`;
}
