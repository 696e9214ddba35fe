/**
 * Clients, each of which asks one thing after the other, all at once.
 *
 * 1. A lane ends after `end`, once it has the answer that it waits for. While the server is down it waits.
 * 2. What was answered with an unknown outcome is asked again at once in half of all cases, and in the end always.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../support/random.js';
import type { Ask, Operation, PhaseName } from './checker/history.js';
import { outcomeOf, positionIn } from './checker/history.js';
import { instrumentBody, MIDDLE_TICKS, participants, symbols } from './market.js';
import type { Recorder } from './recorder.js';
import { type Known, Wishes } from './wishes.js';

const PAUSE_AFTER_FAILURE_MS = 20;
const BAND_TICKS = 12;
const MOST_NEW_INSTRUMENTS = 60;
const FEED_EVENTS = 400;
const FEED_QUIET_MS = 500;
const AUCTION_TRIES = 5;
const READER_PAUSE_MS = 3;

export class Lanes {
  readonly known: Known = { posts: [], listed: [], position: 0 };
  private isOver = false;

  constructor(
    private readonly recorder: Recorder,
    private readonly options: { readonly lanes: number; readonly seed: number },
  ) {}

  /** Lists the instruments, each as often as it takes. */
  async open(): Promise<void> {
    for (const symbol of symbols) {
      const body = instrumentBody(symbol, MIDDLE_TICKS - BAND_TICKS, MIDDLE_TICKS + BAND_TICKS);
      while (outcomeOf(await this.ask({ kind: 'list', symbol, body })) !== 'done') await sleep(PAUSE_AFTER_FAILURE_MS);
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

  private async trade(lane: number): Promise<void> {
    const random = this.randomOf(lane);
    const wishes = new Wishes(`l${lane}`, random, this.known);
    while (!this.isOver) {
      const ask = wishes.trade();
      const answered = await this.ask(ask);
      if (outcomeOf(answered) === 'unknown' && ask.kind === 'post' && random.chance(1, 2)) await this.ask(ask);
    }
  }

  private async look(lane: number): Promise<void> {
    const wishes = new Wishes(`l${lane}`, this.randomOf(lane), this.known);
    while (!this.isOver) {
      await this.ask(wishes.look());
      await sleep(READER_PAUSE_MS);
    }
  }

  /** The market's operator: bands, new instruments, auctions. One after the other, so that its listings stand in the order of asking. */
  private async operate(): Promise<void> {
    const random = this.randomOf(1_000);
    while (!this.isOver) {
      await sleep(20 + random.below(150));
      const symbol = symbols[random.below(symbols.length)] ?? '';
      const dice = random.below(10);
      if (dice < 5) await this.auction(symbol);
      else if (dice < 8) await this.ask({ kind: 'list', symbol, body: this.band(symbol, random) });
      else if (this.known.listed.length < MOST_NEW_INSTRUMENTS) {
        const listed = `N${this.known.listed.length}`;
        this.known.listed.push(listed);
        await this.ask({ kind: 'list', symbol: listed, body: this.band(listed, random) });
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
      await this.ask({ kind: 'uncross', symbol });
      if (outcomeOf(await this.phase(symbol, 'continuous')) === 'done') return;
    }
  }

  private phase(symbol: string, phase: PhaseName): Promise<Operation> {
    return this.ask({ kind: 'phase', symbol, phase });
  }

  /** Follows the events, from a little before the latest position on, and begins again. */
  private async follow(): Promise<void> {
    const random = this.randomOf(2_000);
    while (!this.isOver) {
      const from = Math.max(0, this.known.position - random.below(50));
      const wish = { most: 1 + random.below(FEED_EVENTS), quietMs: FEED_QUIET_MS };
      if ((await this.recorder.follow(from, wish)).length === 0) await sleep(PAUSE_AFTER_FAILURE_MS);
    }
  }

  private async ask(ask: Ask): Promise<Operation> {
    const operation = await this.recorder.ask(ask);
    this.known.position = Math.max(this.known.position, positionIn(operation.reply) ?? 0);
    if (outcomeOf(operation) === 'unknown') await sleep(PAUSE_AFTER_FAILURE_MS);
    const id = operation.reply?.body.id;
    if (ask.kind === 'post' && operation.reply?.status === 201 && typeof id === 'string') {
      this.known.posts.push({ id, body: ask.body });
    }
    return operation;
  }

  /** After all is over: posts again what has no answer, and some of what has one. */
  async repeat(share: number): Promise<void> {
    const posts = new Map<string, Operation>();
    for (const operation of this.recorder.operations) {
      const { ask } = operation;
      if (ask.kind !== 'post') continue;
      const key = `${ask.body.participant} ${ask.body.clientIntentionId}`;
      const known = posts.get(key);
      if (known === undefined || outcomeOf(known) === 'unknown') posts.set(key, operation);
    }
    const random = this.randomOf(3_000);
    for (const operation of posts.values()) {
      const outcome = outcomeOf(operation);
      if (outcome === 'unknown' || (outcome === 'done' && random.chance(share, 1_000))) await this.ask(operation.ask);
    }
  }

  /** After that: everything that there is to see, page by page, and the position before which all of it stands. */
  async lookAtAll(): Promise<number> {
    for (const participant of participants) {
      await this.pages(
        (after) => ({
          kind: 'intentions',
          query: { participant, limit: 1_000, ...(after !== undefined && { after }) },
        }),
        ({ reply }) => lastOf(reply?.body.intentions, 'id'),
      );
    }
    await this.pages(
      (after) => ({ kind: 'deals', query: { limit: 1_000, after: Number(after ?? 0) } }),
      ({ reply }) => lastOf(reply?.body.deals, 'position'),
    );
    for (const symbol of symbols) await this.ask({ kind: 'book', symbol, depth: 1_000 });
    await this.ask({ kind: 'instruments' });
    const { reply } = await this.ask({ kind: 'positions', limit: 1_000 });
    const position = positionIn(reply);
    if (position === undefined) throw new Error(`the positions in the end are ${JSON.stringify(reply)}`);
    return position;
  }

  private async pages(
    wish: (after: string | undefined) => Ask,
    last: (page: Operation) => string | undefined,
  ): Promise<void> {
    for (let after = last(await this.ask(wish(undefined))); after !== undefined;)
      after = last(await this.ask(wish(after)));
  }
}

function lastOf(rows: unknown, field: 'id' | 'position'): string | undefined {
  const row: unknown = Array.isArray(rows) ? rows.at(-1) : undefined;
  if (typeof row !== 'object' || row === null) return undefined;
  return String((row as Readonly<Record<string, unknown>>)[field]); // a row of a list is an object
}
