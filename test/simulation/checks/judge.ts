/**
 * Compares everything with a reference exchange that knows nothing but a sorted list.
 *
 * 1. The log says which commands took effect, also of those whose outcome nobody received; the reference takes exactly these, in the
 *    order of the log, and must make the same deals, one by one, and show the same books.
 * 2. Every answer that a process has given is held against what the reference says at that place of the log; so an answer that rests
 *    on something that was lost is found.
 * 3. What was judged is durable, and must stay in the log permanently: the digest chain is looked at again each time.
 */
import assert from 'node:assert/strict';
import type { RecordedEvent } from '../../../src/events/event.js';
import type { ShardLog } from '../../../src/log/port.js';
import { type Parking, ReferenceExchange } from '../../support/reference/reference-exchange.js';
import type { StepResult } from '../../support/reference/steps.js';
import { dealsIn, eventsIn, type ExchangeHarness } from '../../support/reference/exchange-harness.js';
import { positionOf, type Entry } from '../entry.js';
import { SimulationFailure } from './failure.js';
import { CommandReader, type LoggedCommand } from './log-commands.js';
import { symbols } from '../world/requests.js';
import type { World } from '../world/world.js';

/** A command of the log and all that came of it. */
interface Chapter {
  readonly command: LoggedCommand;
  readonly events: RecordedEvent[];
}

export class Judge {
  /** All before this position has been judged. */
  position = 0;
  private readonly reference = new ReferenceExchange();
  private readonly reader = new CommandReader();
  private chapter: Chapter | undefined;
  private lastSeal: RecordedEvent | undefined;
  /** Answers about commands that wrote something, by the position of that. */
  private readonly effects = new Map<number, Entry>();
  /** Other answers, not judged yet. */
  private replies: Entry[] = [];
  /** First answers to posts, by participant and client id. */
  private readonly posts = new Map<string, Entry>();

  constructor(private readonly world: World) {}

  /** Receives each answer as it leaves a process. */
  answered(entry: Entry): void {
    const position = positionOf(entry);
    if (position === undefined) this.replies.push(entry);
    else this.effects.set(position, entry);
    const { step, asked } = entry;
    if (step.kind !== 'post' || asked?.answer.ok !== true) return;
    const key = `${step.participant} ${step.clientId}`;
    const first = this.posts.get(key);
    if (first === undefined) this.posts.set(key, entry);
    else this.compareRepeated(first, entry);
  }

  /** The posts that were answered with an id. */
  get answeredPosts(): Entry[] {
    return [...this.posts.values()];
  }

  /** The first position that no log may end at or before any more: an answer rests on it. */
  get neededHead(): number {
    return Math.max(this.position, ...[...this.effects.keys()].map((position) => position + 1));
  }

  /** Judges the log up to a durable position. `isWhole`: no command is under way there. */
  async judge(log: ShardLog, until: number, isWhole: boolean): Promise<void> {
    if (until > this.position) {
      const events = await eventsIn(log, this.lastSeal?.position ?? 0);
      this.compareSeal(events[0]);
      for (const recorded of events) {
        if (recorded.position >= this.position && recorded.position < until) this.take(recorded);
      }
      if (events.length === 0 || (events.at(-1)?.position ?? 0) < until - 1) {
        throw new SimulationFailure(`the log is shorter than ${until}, which was called durable`);
      }
      this.position = until;
    }
    if (!isWhole) return;
    this.closeChapter();
    this.judgeReplies(until);
  }

  /** Books are comparable where everything has been judged. */
  compareBooks(harness: ExchangeHarness): void {
    for (const symbol of symbols) {
      same(`the book of ${symbol} differs`, harness.book(symbol), this.reference.book(symbol));
    }
  }

  /** At the end: every answer has been judged. */
  finish(): void {
    const [lost] = this.effects.values();
    if (lost === undefined) return;
    throw new SimulationFailure('an acknowledged command is not in the log', { step: lost.step, ...lost.asked });
  }

  get deals(): number {
    return this.reference.deals.length;
  }

  private take(recorded: RecordedEvent): void {
    if (recorded.event.type === 'BatchSealed') this.lastSeal = recorded;
    const command = this.reader.read(recorded);
    if (command === undefined) {
      this.chapter?.events.push(recorded);
      return;
    }
    this.closeChapter();
    this.judgeReplies(command.position);
    this.chapter = { command, events: [] };
  }

  private closeChapter(): void {
    const { chapter } = this;
    this.chapter = undefined;
    if (chapter === undefined) return;
    const { step, atMs, position } = chapter.command;
    if (step.kind === 'expiry') {
      this.reference.expire(atMs);
      same(
        `intention ${step.id} expired at position ${position}`,
        'expired',
        this.reference.closed.get(step.id)?.ending,
      );
      this.world.count('expired');
      return;
    }
    const before = this.reference.deals.length;
    const expected = this.reference.take(step, atMs, parkingsIn(chapter.events));
    const deals = this.reference.deals.slice(before);
    same(`the deals of the command at position ${position} differ`, dealsIn(chapter.events), deals);
    this.noteInterruption(chapter, deals.length);
    this.compareEffect(position, chapter.command, expected);
  }

  private compareEffect(position: number, { step }: LoggedCommand, expected: StepResult): void {
    if ('refused' in expected) {
      throw new SimulationFailure(`position ${position}: the reference refuses this: ${expected.refused}`, step);
    }
    const entry = this.effects.get(position);
    if (entry === undefined) return;
    this.effects.delete(position);
    if (step.kind === 'post') same(`the post at position ${position} is not what was posted`, step, entry.step);
    same(`the answer about position ${position} differs`, { step, ...entry.asked?.result }, { step, ...expected });
  }

  private judgeReplies(until: number): void {
    if (this.replies.length === 0) return;
    const due = this.replies.filter(({ headBefore = 0 }) => headBefore <= until);
    this.replies = this.replies.filter(({ headBefore = 0 }) => headBefore > until);
    due.sort((one, other) => (one.headBefore ?? 0) - (other.headBefore ?? 0) || one.turn - other.turn);
    for (const { step, atMs, asked, headBefore, process } of due) {
      const result = this.reference.take(step, atMs);
      const what = `the answer of process ${process} at position ${headBefore ?? 0} differs`;
      same(what, { step, ...asked?.result }, { step, ...result });
      if ('refused' in result) this.world.count('refusedForState');
    }
  }

  private compareRepeated(first: Entry, entry: Entry): void {
    if (first.process !== entry.process) this.world.count('answerRepeatedAfterCrash');
    same(
      `the post ${entry.asked?.answer.ok === true ? '' : 'refused '}was answered otherwise`,
      entry.asked,
      first.asked,
    );
  }

  private compareSeal(found: RecordedEvent | undefined): void {
    if (this.lastSeal === undefined) return;
    same('the log is another one before the last position judged', found, this.lastSeal);
  }

  private noteInterruption({ command, events }: Chapter, deals: number): void {
    const types = events.map(({ event }) => event.type);
    const restarted = types.indexOf('ShardStarted');
    const isInterrupted = restarted !== -1 && types.slice(restarted).some((type) => type === 'DealSettled');
    if (isInterrupted) this.world.count(command.step.kind === 'uncross' ? 'auctionInterrupted' : 'arrivalInterrupted');
    if (command.step.kind === 'uncross' && deals > 0) this.world.count('auctionDealt');
  }
}

/** Who was parked in this chapter, and when. */
function parkingsIn(events: readonly RecordedEvent[]): ReadonlyMap<number, Parking> {
  const parkings = new Map<number, Parking>();
  const deals = new Map<number, number>();
  const about = new Map<number, number>();
  for (const { event } of events) {
    if (event.type === 'ProposalMade') {
      about.set(event.intentionId, event.counterpartyId).set(event.counterpartyId, event.intentionId);
    }
    if (event.type === 'DealConfirmed') {
      for (const id of [event.initiatorId, event.responderId]) {
        deals.set(id, 1 + (deals.get(id) ?? 0));
        about.delete(id);
      }
    }
    if (event.type === 'IntentionWithdrawn' && event.reason === 'parked') {
      const { intentionId: id } = event;
      parkings.set(id, { deals: deals.get(id) ?? 0, about: about.get(id) });
    }
  }
  return parkings;
}

function same(what: string, actual: unknown, expected: unknown): void {
  try {
    assert.deepEqual(actual, expected);
  } catch (error) {
    throw new SimulationFailure(what, error instanceof Error ? error.message : error);
  }
}
