import { expect, it, onTestFinished } from 'vitest';
import type { BookDiff, BookSnapshot } from '../../../../projections/streams/messages.js';
import { type BookRate, type OrderBook, ParleyClient } from '../../../../src/client/index.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import { openFeed } from '../../../support/http/feed.js';
import { serverOfLog } from '../../../support/http/growing-server.js';
import { describeWith } from '../../../support/needs/suite.js';
import { isLevel, KeptBook } from '../../../support/orderflow/kept-book.js';
import { type NaiveBook, NaiveDay, type NaiveLevel } from '../../../support/orderflow/naive-day.js';
import { inBatchesOf, playDay } from '../../../support/orderflow/recorded-day.js';
import { PATIENCE_MS } from '../../../support/patience.js';
import { runs } from '../../../support/property/runs.js';
import { Random } from '../../../support/random.js';
import { growingLog } from '../../../unit/projections/folding.js';

const DAY = 'sse600519_20230207.txt.gz';
/** So many events are streamed, from a random place of the day on; all of them in a dose so many times as large. */
const STREAMED = runs(20_000).numRuns;
/** So many batches become durable before the readers must have been told of them. */
const STRETCH = 80;
const MOST_READERS = 4;
const SYMBOL = '600519';
const rates: readonly BookRate[] = ['batch', '100ms'];

/** Whether a reader has this book. */
type Reader = (naive: NaiveBook) => boolean;

/** The book of the day as of these positions, one after another, folded out of its log for one reader. */
function bookOf(batches: readonly EventBatch[]): (position: number) => NaiveBook {
  const naive = new NaiveDay();
  let next = 0;
  return (position) => {
    if (position < naive.position) throw new Error(`position ${position} comes after ${naive.position}`);
    naive.books.get(SYMBOL)?.touched.bids.clear();
    naive.books.get(SYMBOL)?.touched.asks.clear();
    const first = next;
    while ((batches[next]?.firstPosition ?? position) < position) next++;
    naive.takeUntil(batches.slice(first, next), position);
    if (naive.position !== position) throw new Error(`no batch ends at ${position}`);
    return naive.book(SYMBOL);
  };
}

/** Reads the stream by itself, and holds each message against the book that it must be. */
async function readRaw(url: string, rate: BookRate, batches: readonly EventBatch[]): Promise<Reader> {
  const feed = await openFeed(`${url}/v1/book/${SYMBOL}/stream?rate=${rate}`);
  const [first] = await feed.take(1);
  const snapshot = first?.data as unknown as BookSnapshot; // a stream of a book begins with one
  const expected = bookOf(batches);
  const kept = new KeptBook(snapshot, expected(snapshot.position));
  const read = async (): Promise<void> => {
    for (;;) {
      const [next] = await feed.take(1);
      const diff = next?.data as unknown as BookDiff; // and goes on with these
      const naive = expected(diff.position);
      for (const side of ['bids', 'asks'] as const) for (const price of naive.touched[side]) kept.changed(side, price);
      kept.take(diff, naive);
    }
  };
  void read(); // what it throws nobody catches, and so the test run fails
  return (naive) => kept.is(naive);
}

/** Reads the stream with the client, whose book must be whole after each message. */
function readWithClient(url: string, rate: BookRate, batches: readonly EventBatch[]): Reader {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const expected = bookOf(batches);
  let kept: OrderBook | undefined;
  const read = async (): Promise<void> => {
    const { market } = new ParleyClient({ url });
    for await (const book of market.followBook(SYMBOL, { rate, signal: ending.signal })) {
      if (!isBook(book, expected(book.position))) throw new Error(`at ${book.position} it is another book`);
      kept = book;
    }
  };
  void read();
  return (naive) => kept !== undefined && isBook(kept, naive);
}

function isBook(book: OrderBook, naive: NaiveBook): boolean {
  const isSide = (side: 'bids' | 'asks'): boolean => {
    const shown = naive[side].best(Number.POSITIVE_INFINITY);
    const isThere = (level: NaiveLevel, index: number): boolean =>
      book[side][index]?.price === level.price && isLevel(book[side][index], level);
    return shown.length === book[side].length && shown.every(isThere);
  };
  return isSide('bids') && isSide('asks') && book.phase === naive.phase && book.checksum === naive.checksum();
}

await describeWith('orderflow', 'the stream of the book of a recorded day', () => {
  it('Readers of the book of a day in Shanghai, at both rates and with the client, have the book of its log at each message', async () => {
    const day = await playDay(DAY);
    const random = new Random(600_519);
    const from = random.below(Math.max(1, day.head - STREAMED));
    const end = Math.min(day.head, from + STREAMED);
    const batches = [...inBatchesOf(day.batches, () => random.between(1, 60))];
    const isBefore = ({ firstPosition, count }: EventBatch): boolean => firstPosition + count <= from;
    const { log, append } = await growingLog(batches.filter(isBefore));
    const rest = batches.filter((batch) => !isBefore(batch) && batch.firstPosition < end);
    const { url } = await serverOfLog(log);

    const readers: Reader[] = [];
    const expected = bookOf(batches);
    for (let stretch = 0; rest.length > 0; stretch++) {
      const rate = rates[stretch % rates.length];
      if (rate !== undefined && readers.length < MOST_READERS)
        readers.push(await readRaw(url, rate, batches), readWithClient(url, rate, batches));
      await append(rest.splice(0, STRETCH));
      const naive = expected(await log.head());
      await expect.poll(() => readers.every((has) => has(naive)), { timeout: PATIENCE_MS }).toBe(true);
    }
    expect(readers).toHaveLength(MOST_READERS);
  });
});
