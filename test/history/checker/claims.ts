/**
 * Which command stands where in the log. An answer that carries a position says so itself; of what carries none (listings, phases), or
 * was never answered, the log tells whether and where it is, by its content and within the bounds of real time.
 *
 * 1. Each event that a command records belongs to one command, asked once or repeated, and each command to one event at most.
 */
import { Bounds, type Placed } from './bounds.js';
import type { Finding, FindingKind } from './findings.js';
import {
  type Command,
  type History,
  isCommand,
  type LogEvent,
  type Operation,
  outcomeOf,
  positionIn,
} from './history.js';
import { Places, placesOf } from './places.js';
import { canonical, shortened, wordsOf } from './same.js';

export interface Assertion extends Placed {
  readonly command: Command;
  readonly first: Operation<Command>;
  /** All that asked for it. */
  readonly operations: readonly Operation<Command>[];
}

export interface Claims {
  readonly byPosition: ReadonlyMap<number, Assertion>;
  /** Listings and phases that were acknowledged and stand nowhere: they must have changed nothing. */
  readonly idle: readonly Operation<Command>[];
  /** Withdrawals of what had closed before: they are answered with how it ended. */
  readonly ended: readonly Operation<Command>[];
  readonly findings: readonly Finding[];
}

export function findClaims({ operations, log }: History): Claims {
  const finder = new ClaimFinder(log);
  for (const asked of groupsOf(operations.filter(isCommand))) finder.take(asked);
  finder.matchTheRest();
  return finder;
}

/**
 * Posts of one client id together, and withdrawals of one intention, in the order in which they were asked; everything else by itself.
 * Withdrawals come last: of one that is closed they say only what others have done.
 */
function groupsOf(commands: readonly Operation<Command>[]): Operation<Command>[][] {
  const groups = new Map<string, Operation<Command>[]>();
  for (const operation of commands) {
    const { ask, number } = operation;
    const key = keyOf(ask) ?? `#${number}`;
    groups.set(key, [...(groups.get(key) ?? []), operation]);
  }
  const isWithdrawal = ([first]: readonly Operation<Command>[]): number => Number(first?.ask.kind === 'withdraw');
  return [...groups.values()].sort((one, other) => isWithdrawal(one) - isWithdrawal(other));
}

function keyOf(ask: Command): string | undefined {
  if (ask.kind === 'post') return `${ask.body.participant} ${ask.body.clientIntentionId}`;
  return ask.kind === 'withdraw' ? `withdraw ${ask.id}` : undefined;
}

class ClaimFinder {
  readonly byPosition = new Map<number, Assertion>();
  readonly idle: Operation<Command>[] = [];
  /** By the position that their answers name. */
  private readonly endedAt = new Map<number, readonly Operation<Command>[]>();
  readonly findings: Finding[] = [];
  private readonly unplaced: (readonly Operation<Command>[])[] = [];
  private readonly places: Places;

  constructor(private readonly log: readonly LogEvent[]) {
    this.places = new Places(log);
  }

  get ended(): readonly Operation<Command>[] {
    return [...this.endedAt.values()].flat().filter((operation) => outcomeOf(operation) === 'done');
  }

  take(asked: readonly Operation<Command>[]): void {
    const [first] = asked;
    if (first === undefined) return;
    const content = canonical(first.ask);
    const same = asked.filter(({ ask }) => canonical(ask) === content);
    this.checkRepetitions(asked, same);
    const answered = same.find((operation) => outcomeOf(operation) === 'done');
    const position = positionIn(answered?.reply);
    if (answered !== undefined && position !== undefined && this.endedOtherwise(answered.ask, position)) {
      this.endedAt.set(position, same);
    } else if (answered !== undefined && position !== undefined) this.claim(same, position, answered);
    else if (same.some((operation) => outcomeOf(operation) !== 'refused')) this.unplaced.push(same);
  }

  /** Whether a withdrawal names the end that something else has put to its intention, or may have. */
  private endedOtherwise(command: Command, position: number): boolean {
    if (command.kind !== 'withdraw') return false;
    const event = this.log[position];
    if (event?.intentionId !== Number(command.id)) return false;
    const places = this.places.of(event);
    const others = [this.byPosition.get(position)?.command, ...this.unplaced.map(([first]) => first?.ask)];
    const isOthers = others.some(
      (other) => other?.kind === 'reduce' && other.id === command.id && areOne(placesOf(other), places),
    );
    return isOthers || !isOfCommand(event) || event.type !== 'IntentionWithdrawn';
  }

  private checkRepetitions(asked: readonly Operation<Command>[], same: readonly Operation<Command>[]): void {
    const [done, ...again] = same.filter((operation) => outcomeOf(operation) === 'done');
    if (done === undefined) return;
    for (const operation of again) {
      if (canonical(operation.reply) === canonical(done.reply)) continue;
      const answers = `${shortened(operation.reply)}, before: ${shortened(done.reply)}`;
      this.find('repetition', operation, `was answered ${answers}`);
    }
    for (const operation of asked.filter(({ beganMs }) => beganMs > done.endedMs)) {
      const code = same.includes(operation) ? undefined : 'CLIENT_ID_REUSED';
      const outcome = outcomeOf(operation);
      const isRight = code === undefined ? outcome !== 'refused' : operation.reply?.body.code === code;
      if (outcome !== 'unknown' && !isRight)
        this.find('repetition', operation, `after ${wordsOf(done)} it was answered ${shortened(operation.reply)}`);
    }
  }

  private claim(operations: readonly Operation<Command>[], position: number, answered: Operation<Command>): void {
    const event = this.log[position];
    const { ask: command } = answered;
    const isThere = event !== undefined && areOne(placesOf(command), this.places.of(event));
    const taken = this.byPosition.get(position);
    if (!isThere)
      this.find('lost', answered, `at ${position} stands ${event === undefined ? 'nothing' : shortened(event)}`);
    else if (taken !== undefined) this.find('lost', answered, `at ${position} stands ${wordsOf(taken.first)}`);
    else this.place(operations, position);
  }

  private place(operations: readonly Operation<Command>[], position: number): void {
    const [first] = operations.filter((operation) => outcomeOf(operation) !== 'refused');
    if (first === undefined) return;
    const ends = operations.filter((operation) => outcomeOf(operation) === 'done').map(({ endedMs }) => endedMs);
    const endedMs = Math.min(Infinity, ...ends);
    const claim = {
      command: first.ask,
      first,
      operations,
      beganMs: first.beganMs,
      endedMs,
      position,
      seenUpTo: position + 1,
    };
    this.byPosition.set(position, claim);
  }

  /** For each event that nobody has claimed, the first of those who may have asked for it. */
  matchTheRest(): void {
    const bounds = new Bounds([...this.byPosition.values()]);
    const waiting = new Map<string, (readonly Operation<Command>[])[]>();
    for (const operations of this.unplaced) {
      for (const place of operations[0] === undefined ? [] : placesOf(operations[0].ask)) {
        waiting.set(place, [...(waiting.get(place) ?? []), operations]);
      }
    }
    const placed = new Set<readonly Operation<Command>[]>();
    for (const event of this.log) {
      const { position } = event;
      if (this.byPosition.has(position) || !isOfCommand(event)) continue;
      const candidates = this.places.of(event).flatMap((place) => waiting.get(place) ?? []);
      const other = candidates.find((one) => !placed.has(one) && isWithin(bounds, one, position));
      const asked = other ?? this.takeEnded(position);
      if (asked === undefined) {
        this.findInLog(event);
        continue;
      }
      placed.add(asked);
      this.place(asked, position);
    }
    for (const operations of this.unplaced.filter((one) => !placed.has(one))) this.leaveOut(operations);
  }

  /** The withdrawal that names the end at this position, which nobody else has put there. */
  private takeEnded(position: number): readonly Operation<Command>[] | undefined {
    const asked = this.endedAt.get(position);
    this.endedAt.delete(position);
    return asked;
  }

  private leaveOut(operations: readonly Operation<Command>[]): void {
    const done = operations.find((operation) => outcomeOf(operation) === 'done');
    if (done?.ask.kind === 'list' || done?.ask.kind === 'phase') this.idle.push(done);
    else if (done !== undefined)
      this.find('lost', done, 'its answer carries no position, and the log does not hold it');
  }

  private findInLog(event: LogEvent): void {
    const places = this.places.of(event);
    const taken = [...this.byPosition.values()].find(({ command }) => areOne(placesOf(command), places));
    const isTwice = event.type === 'IntentionPosted' && taken !== undefined;
    const message = `${event.position}: ${shortened(event)}`;
    this.findings.push({ kind: isTwice ? 'twice' : 'uninvited', about: 'log', position: event.position, message });
  }

  private find(kind: FindingKind, operation: Operation<Command>, message: string): void {
    const position = positionIn(operation.reply);
    this.findings.push({ kind, about: operation.ask.kind, position, message: `${wordsOf(operation)}: ${message}` });
  }
}

/** Events that a command records, and nobody else. */
export function isOfCommand({ type, reason }: LogEvent): boolean {
  if (type === 'IntentionWithdrawn') return reason === 'requested';
  return [
    ...['IntentionPosted', 'IntentionReduced', 'IntentionAmended'],
    ...['InstrumentListed', 'PhaseChanged', 'AuctionUncrossed'],
  ].includes(type);
}

function areOne(places: readonly string[], others: readonly string[]): boolean {
  return places.some((place) => others.includes(place));
}

function isWithin(bounds: Bounds, operations: readonly Operation<Command>[], position: number): boolean {
  const [first] = operations;
  if (first === undefined || position < bounds.floor(first.beganMs)) return false;
  const ends = operations.filter((operation) => outcomeOf(operation) === 'done').map(({ endedMs }) => endedMs);
  return position < bounds.ceiling(Math.min(Infinity, ...ends));
}
