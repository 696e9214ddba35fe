import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookFold } from '../../../../projections/book/book.js';
import { bookChecksum } from '../../../../projections/book/checksum.js';
import { bookView } from '../../../../projections/book/views.js';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { ReadModel } from '../../../../projections/model/read-model.js';
import { BookGroup } from '../../../../projections/streams/book-group.js';
import type { BookDiff, BookSnapshot, OwnEvent, TradeMessage } from '../../../../projections/streams/messages.js';
import { StreamFold } from '../../../../projections/streams/stream-fold.js';
import { type EventBatch, foldBatch } from '../../../../src/events/fold.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { runs } from '../../../support/property/runs.js';
import { folded } from '../folding.js';
import { naiveStreams } from './naive-streams.js';
import { ReplayedBook } from './replayed-book.js';

const RUNS = runs(40);
const wild = { crash: 0.01, decline: 0.1, auction: 0.02, risk: 0.06 };
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const histories = fc
  .record({ seed: fc.nat(), length: fc.integer({ min: 20, max: 1_200 }) })
  .map(({ seed, length }): readonly EventBatch[] => {
    const history = new History();
    new NaiveMarket(history, seed, wild).run(length);
    return history.batches();
  });

/** A fold at the end of one of the batches, and the batches that follow; from a model that was dumped where `isLoaded`. */
function foldFrom(batches: readonly EventBatch[], cut: number, isLoaded = true): [StreamFold, readonly EventBatch[]] {
  const index = Math.floor(cut * batches.length);
  const model = folded(batches.slice(0, index), new ReadModel());
  return [new StreamFold(isLoaded ? ReadModel.load(model.dump()) : model), batches.slice(index)];
}

describe('the stream of a book', () => {
  it('A book that is kept by the stream of it, from any snapshot and at any rate, is the book that the log has at each position, and so are its checksums', () => {
    const property = fc.property(histories, fraction, fc.nat(6), (batches, cut, rate) => {
      const [fold, rest] = foldFrom(batches, cut);
      const before = batches.slice(0, batches.length - rest.length);
      const [book, directory] = [folded(before, new BookFold()), folded(before, new DirectoryFold())];
      const replayed = new Map<number, [BookGroup, ReplayedBook]>();
      const check = ([group, kept]: [BookGroup, ReplayedBook], instrumentId: number): void => {
        const instrument = directory.instrument(instrumentId);
        if (instrument === undefined) throw new Error('it is listed');
        const diff = group.diff(instrument, fold.foldedTo);
        if (diff !== undefined) kept.take(JSON.parse(JSON.stringify(diff)) as BookDiff);
        const view = bookView(book, instrument, Number.POSITIVE_INFINITY, kept.position);
        expect(kept.view()).toEqual(view);
        expect(kept.checksum).toBe(bookChecksum(view));
        // Who comes now is told the same.
        expect(group.snapshot(instrument)).toMatchObject({ ...view, checksum: kept.checksum });
      };
      rest.forEach((batch, index) => {
        for (const each of [fold, book, directory]) foldBatch(batch, each);
        for (const { instrumentId } of directory.instruments()) {
          const known = replayed.get(instrumentId);
          if (known !== undefined) {
            if (index % (rate + 1) === 0) check(known, instrumentId);
            continue;
          }
          const instrument = fold.directory.instrument(instrumentId);
          if (instrument === undefined) continue;
          const group = new BookGroup(fold.track(instrument), instrument.phase, fold.foldedTo, () => undefined);
          const kept = new ReplayedBook(JSON.parse(JSON.stringify(group.snapshot(instrument))) as BookSnapshot);
          replayed.set(instrumentId, [group, kept]);
          check([group, kept], instrumentId);
        }
      });
      replayed.forEach(check);
    });
    fc.assert(property, RUNS);
  });
});

describe('streams of what has happened', () => {
  it('The trades of an instrument, from any position, are the deals that the log has confirmed since', () => {
    const property = fc.property(histories, fraction, (batches, cut) => {
      const [fold, rest] = foldFrom(batches, cut);
      const from = fold.foldedTo;
      const said: TradeMessage[] = [];
      for (const instrument of ['S0', 'S2'])
        fold.listen({ instrument, say: (message: TradeMessage) => said.push(message) });
      folded(rest, fold);
      const expected = naiveStreams(batches).trades.filter(
        ({ position, instrument }) => Number(position) >= from && instrument !== 'S1',
      );
      expect(said).toEqual(expected);
    });
    fc.assert(property, RUNS);
  });

  it('One’s own stream, from any position, is what a naive fold says of each event about oneself or an intention of one’s own', () => {
    const property = fc.property(histories, fraction, fc.boolean(), (batches, cut, isLoaded) => {
      const [fold, rest] = foldFrom(batches, cut, isLoaded);
      const from = fold.foldedTo;
      const ofBob: OwnEvent[] = [];
      const ofAll: OwnEvent[] = [];
      fold.listen({ participant: undefined, seesAll: true, say: (message: OwnEvent) => ofAll.push(message) });
      folded(rest, fold);
      // By itself: what is said to one does not hang on somebody who is told of all.
      const [alone] = foldFrom(batches, cut, isLoaded);
      alone.listen({ participant: 'bob', seesAll: false, say: (message: OwnEvent) => ofBob.push(message) });
      folded(rest, alone);
      const expected = naiveStreams(batches).own.filter(({ position }) => Number(position) >= from);
      const shown = (message: OwnEvent): object => {
        if (message.type !== 'posted') return message;
        const { type, price, quantity, timeInForce, postedAt } = message.intention;
        return { ...message, intention: { type, price, quantity, timeInForce, postedAt } };
      };
      expect(ofAll.map(shown)).toEqual(expected);
      const bobs = expected.filter(({ participant }) => participant === 'bob');
      expect(ofBob.map(shown)).toEqual(bobs.map(({ participant: _bob, ...message }) => message));
    });
    fc.assert(property, RUNS);
  });
});
