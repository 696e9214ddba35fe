import { expect, it } from 'vitest';
import { ReadModel } from '../../../../projections/model/read-model.js';
import { BookGroup } from '../../../../projections/streams/book-group.js';
import type { BookDiff, BookSnapshot } from '../../../../projections/streams/messages.js';
import { StreamFold } from '../../../../projections/streams/stream-fold.js';
import { type EventBatch, foldBatch } from '../../../../src/events/fold.js';
import { describeWith } from '../../../support/needs/suite.js';
import { KeptBook } from '../../../support/orderflow/kept-book.js';
import { type NaiveBook, NaiveDay } from '../../../support/orderflow/naive-day.js';
import { inBatchesOf, playDay, type RecordedDay, recordedDays } from '../../../support/orderflow/recorded-day.js';
import { runs } from '../../../support/property/runs.js';
import { Random } from '../../../support/random.js';
import { folded } from '../folding.js';

/** A book that is begun at a random moment is followed for so many events, and to the end in a dose so many times as long. */
const FOLLOWED = runs(10_000).numRuns;
const RANDOM_STARTS = 3;
const TICK_MS = 100;

const said = <Message extends BookDiff | BookSnapshot>(message: Message): Message =>
  JSON.parse(JSON.stringify(message)) as Message; // as it is sent

/** One instrument's book as those are told of it who ask for one rate. */
interface Followed {
  readonly symbol: string;
  readonly naive: NaiveBook;
  readonly group: BookGroup;
  readonly kept: KeptBook;
}

/** Folds a day from a position on, with books of all its instruments at both rates, and holds them against the naive one. */
class Following {
  private readonly naive = new NaiveDay();
  private readonly fold: StreamFold;
  private readonly books: Followed[] = [];
  private readonly known = new Set<string>();
  /** Those that may have something to tell: after each batch, and at the next tick. */
  private readonly touched = { batch: new Set<BookGroup>(), paced: new Set<BookGroup>() };
  private lastTick = 0;
  diffs = 0;

  constructor(
    private readonly day: RecordedDay,
    from: number,
  ) {
    this.naive.takeUntil(day.batches, from);
    const model = folded(day.batches, new ReadModel(), from);
    this.fold = new StreamFold(ReadModel.load(model.dump()));
    this.beginBooks();
  }

  /** Of the batches that lie between its start and `until`. */
  run(batches: Iterable<EventBatch>, until: number): void {
    for (const batch of batches) {
      const end = batch.firstPosition + batch.count;
      if (end <= this.fold.foldedTo) continue;
      if (batch.firstPosition >= until) break;
      foldBatch(batch, this.fold, this.fold.foldedTo);
      this.naive.takeUntil([batch], end);
      for (const { naive, kept } of this.books) {
        for (const side of ['bids', 'asks'] as const)
          for (const price of naive.touched[side]) kept.changed(side, price);
      }
      for (const { touched } of this.naive.books.values())
        for (const side of [touched.bids, touched.asks]) side.clear();
      this.beginBooks();
      this.tell(this.touched.batch);
      const tick = Math.floor(this.naive.atMs / TICK_MS);
      if (tick !== this.lastTick) this.tell(this.touched.paced);
      this.lastTick = tick;
    }
    this.tell(this.touched.batch);
    this.tell(this.touched.paced);
    for (const { kept, naive } of this.books) kept.mustBe(naive);
  }

  /** Of instruments that are listed and not followed yet. */
  private beginBooks(): void {
    for (const [symbol, naive] of this.naive.books) {
      if (this.known.has(symbol)) continue;
      this.known.add(symbol);
      this.begin(symbol, naive, this.touched.batch);
      this.begin(symbol, naive, this.touched.paced);
    }
  }

  private begin(symbol: string, naive: NaiveBook, touched: Set<BookGroup>): void {
    const instrument = this.fold.directory.instrumentBySymbol(symbol);
    if (instrument === undefined) throw new Error(`${symbol} is not listed`);
    const group: BookGroup = new BookGroup(this.fold.track(instrument), instrument.phase, this.fold.foldedTo, () =>
      touched.add(group),
    );
    this.books.push({ symbol, naive, group, kept: new KeptBook(said(group.snapshot(instrument)), naive) });
  }

  private tell(touched: Set<BookGroup>): void {
    for (const { symbol, naive, group, kept } of this.books) {
      if (!touched.has(group)) continue;
      const instrument = this.fold.directory.instrumentBySymbol(symbol);
      if (instrument === undefined) throw new Error(`${symbol} is not listed`);
      const diff = group.diff(instrument, this.fold.foldedTo);
      if (diff === undefined) continue;
      kept.take(said(diff), naive);
      this.diffs++;
    }
    touched.clear();
  }
}

await describeWith('orderflow', 'the books of recorded days', () => {
  it.each(recordedDays)(
    'The book of %s (%s) that is kept by its diffs, from its first moment and from any, is the book of the log at each position, and so are its checksums',
    async (name) => {
      const day = await playDay(name);
      const every = [...inBatchesOf(day.batches, () => 1)];
      const whole = new Following(day, 0);
      whole.run(every, day.head);
      expect(whole.diffs).toBeGreaterThan(day.symbols.length);

      const random = new Random(20);
      for (let start = 0; start < RANDOM_STARTS; start++) {
        const from = random.below(day.head);
        new Following(day, from).run(every, from + FOLLOWED);
      }
    },
  );

  it.each(recordedDays)(
    'The book of %s (%s) that is kept by diffs of many events each is the book of the log after each of them',
    async (name) => {
      const day = await playDay(name);
      const random = new Random(7);
      const from = random.below(day.head);
      new Following(day, 0).run(
        inBatchesOf(day.batches, () => random.between(1, 40)),
        day.head,
      );
      new Following(day, from).run(day.batches, day.head);
    },
  );
});
