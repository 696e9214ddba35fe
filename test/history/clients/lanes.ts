/**
 * Clients, each of which asks one thing after the other, all at once.
 *
 * 1. A lane ends after `end`, once it has the answer that it waits for. While the server is down it waits.
 * 2. What was answered with an unknown outcome is asked again at once in half of all cases, and in the end always.
 * 3. Of several members each lane asks one or another; after an unknown outcome another one perhaps.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../support/random.js';
import type { Ask, Operation, PhaseName } from '../checker/history.js';
import { outcomeOf, positionIn } from '../checker/history.js';
import { instrumentBody, MIDDLE_TICKS, participants, symbols } from './market.js';
import { MemberChoice } from './member-choice.js';
import type { Asking, Recorder } from './recorder.js';
import { type Known, Wishes } from './wishes.js';

const PAUSE_AFTER_FAILURE_MS = 20;
const BAND_TICKS = 12;
const MOST_NEW_INSTRUMENTS = 60;
const FEED_EVENTS = 400;
const FEED_QUIET_MS = 500;
const AUCTION_TRIES = 5;
const READER_PAUSE_MS = 3;

/** Numbers of those that are no lane, each with a seed of its own; and what is added to one for a second seed. */
const OPERATOR = 1_000;
const FOLLOWER = 2_000;
const REPETITIONS = 3_000;
const CHOICES = 10_000;

export class Lanes {
  readonly known: Known = { posts: [], listed: [], position: 0 };
  private isOver = false;
  private readonly operators: MemberChoice;

  constructor(
    private readonly recorder: Recorder,
    private readonly options: { readonly lanes: number; readonly seed: number },
  ) {
    this.operators = this.choiceOf(OPERATOR);
  }

  /** Lists the instruments, each as often as it takes. */
  async open(): Promise<void> {
    for (const symbol of symbols) {
      const body = instrumentBody(symbol, MIDDLE_TICKS - BAND_TICKS, MIDDLE_TICKS + BAND_TICKS);
      await this.askUntilDone({ kind: 'list', symbol, body }, {});
    }
  }

  /** Asks until `end`. A quarter of the lanes only looks, so that somebody sees what happens while commands are not answered. */
  async run(): Promise<void> {
    const { lanes } = this.options;
    const lookers = Math.ceil(lanes / 4);
    const all = Array.from({ length: lanes }, (_, lane) => (lane < lookers ? this.look(lane) : this.trade(lane)));
    await Promise.all([...all, this.operate(), this.follow()]);
  }

  end(): void {
    this.isOver = true;
  }

  private randomOf(lane: number): Random {
    return new Random(this.options.seed * 97 + lane * 7_919 + 1);
  }

  private choiceOf(lane: number): MemberChoice {
    return new MemberChoice(this.randomOf(CHOICES + lane), this.recorder.members);
  }

  private async trade(lane: number): Promise<void> {
    const random = this.randomOf(lane);
    const wishes = new Wishes(`l${lane}`, random, this.known);
    const choice = this.choiceOf(lane);
    while (!this.isOver) {
      const ask = wishes.trade();
      const answered = await this.askAny(ask, choice);
      if (outcomeOf(answered) === 'unknown' && ask.kind === 'post' && random.chance(1, 2))
        await this.askAny(ask, choice);
    }
  }

  private async look(lane: number): Promise<void> {
    const wishes = new Wishes(`l${lane}`, this.randomOf(lane), this.known);
    const choice = this.choiceOf(lane);
    while (!this.isOver) {
      await this.askAny(wishes.look(), choice);
      await sleep(READER_PAUSE_MS);
    }
  }

  /** The market's operator: bands, new instruments, auctions. One after the other, so that its listings stand in the order of asking. */
  private async operate(): Promise<void> {
    const random = this.randomOf(OPERATOR);
    while (!this.isOver) {
      await sleep(20 + random.below(150));
      const symbol = symbols[random.below(symbols.length)] ?? '';
      const dice = random.below(10);
      if (dice < 5) await this.auction(symbol);
      else if (dice < 8) await this.askAny({ kind: 'list', symbol, body: this.band(symbol, random) });
      else if (this.known.listed.length < MOST_NEW_INSTRUMENTS) {
        const listed = `N${this.known.listed.length}`;
        this.known.listed.push(listed);
        await this.askAny({ kind: 'list', symbol: listed, body: this.band(listed, random) });
      }
    }
    for (const symbol of symbols) await this.reopen(symbol);
  }

  private band(symbol: string, random: Random) {
    const most = MIDDLE_TICKS + BAND_TICKS - random.below(6);
    return instrumentBody(symbol, MIDDLE_TICKS - BAND_TICKS + random.below(6), most);
  }

  private async auction(symbol: string): Promise<void> {
    await this.phase(symbol, 'call');
    await sleep(60);
    await this.reopen(symbol);
  }

  /** Between an auction and the phase that it makes possible, others may post what crosses. */
  private async reopen(symbol: string): Promise<void> {
    for (let tries = 0; tries < AUCTION_TRIES; tries++) {
      await this.askAny({ kind: 'uncross', symbol });
      if (outcomeOf(await this.phase(symbol, 'continuous')) === 'done') return;
    }
  }

  private phase(symbol: string, phase: PhaseName): Promise<Operation> {
    return this.askAny({ kind: 'phase', symbol, phase });
  }

  /** Follows the events, from a little before the latest position on, and begins again. */
  private async follow(): Promise<void> {
    const random = this.randomOf(FOLLOWER);
    const choice = this.choiceOf(FOLLOWER);
    while (!this.isOver) {
      const from = Math.max(0, this.known.position - random.below(50));
      const wish = { most: 1 + random.below(FEED_EVENTS), quietMs: FEED_QUIET_MS };
      if ((await this.recorder.follow(from, wish, choice.next())).length > 0) continue;
      choice.leave();
      await sleep(PAUSE_AFTER_FAILURE_MS);
    }
  }

  private async askAny(ask: Ask, choice = this.operators): Promise<Operation> {
    const operation = await this.ask(ask, choice.next());
    if (outcomeOf(operation) === 'unknown') choice.leave();
    return operation;
  }

  private async askUntilDone(ask: Ask, asking: Asking): Promise<Operation> {
    for (;;) {
      const operation = await this.ask(ask, asking);
      if (outcomeOf(operation) === 'done') return operation;
    }
  }

  private async ask(ask: Ask, asking: Asking): Promise<Operation> {
    const operation = await this.recorder.ask(ask, asking);
    this.known.position = Math.max(this.known.position, positionIn(operation.reply) ?? 0);
    if (outcomeOf(operation) === 'unknown') await sleep(PAUSE_AFTER_FAILURE_MS);
    const id = operation.reply?.body.id;
    if (ask.kind === 'post' && operation.reply?.status === 201 && typeof id === 'string') {
      this.known.posts.push({ id, body: ask.body });
    }
    return operation;
  }

  /** After all is over: posts again what has no answer, and so many of a thousand of what has one. */
  async repeat(share: number): Promise<void> {
    const posts = new Map<string, Operation>();
    for (const operation of this.recorder.operations) {
      const { ask } = operation;
      if (ask.kind !== 'post') continue;
      const key = `${ask.body.participant} ${ask.body.clientIntentionId}`;
      const known = posts.get(key);
      if (known === undefined || outcomeOf(known) === 'unknown') posts.set(key, operation);
    }
    const random = this.randomOf(REPETITIONS);
    for (const operation of posts.values()) {
      const outcome = outcomeOf(operation);
      if (outcome === 'unknown' || (outcome === 'done' && random.chance(share, 1_000)))
        await this.askAny(operation.ask);
    }
  }

  /** After that: everything that there is to see of one member, page by page, and the position before which all of it stands. */
  async lookAtAll(member: number): Promise<number> {
    for (const participant of participants) {
      await this.pages(
        member,
        (after) => ({
          kind: 'intentions',
          query: { participant, limit: 1_000, ...(after !== undefined && { after }) },
        }),
        ({ reply }) => lastOf(reply?.body.intentions, 'id'),
      );
    }
    await this.pages(
      member,
      (after) => ({ kind: 'deals', query: { limit: 1_000, after: Number(after ?? 0) } }),
      ({ reply }) => lastOf(reply?.body.deals, 'position'),
    );
    for (const symbol of symbols) await this.askUntilDone({ kind: 'book', symbol, depth: 1_000 }, { member });
    await this.askUntilDone({ kind: 'instruments' }, { member });
    const { reply } = await this.askUntilDone({ kind: 'positions', limit: 1_000 }, { member });
    const position = positionIn(reply);
    if (position === undefined) throw new Error(`the positions in the end are ${JSON.stringify(reply)}`);
    return position;
  }

  private async pages(
    member: number,
    wish: (after: string | undefined) => Ask,
    last: (page: Operation) => string | undefined,
  ): Promise<void> {
    const page = async (after: string | undefined) => last(await this.askUntilDone(wish(after), { member }));
    for (let after = await page(undefined); after !== undefined;) after = await page(after);
  }
}

function lastOf(rows: unknown, field: 'id' | 'position'): string | undefined {
  const row: unknown = Array.isArray(rows) ? rows.at(-1) : undefined;
  if (typeof row !== 'object' || row === null) return undefined;
  return String((row as Readonly<Record<string, unknown>>)[field]); // a row of a list is an object
}
