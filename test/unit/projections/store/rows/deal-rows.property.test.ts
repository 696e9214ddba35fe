import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SqlDatabase } from '../../../../../projections/store/database/database.js';
import { schema } from '../../../../../projections/store/database/schema.js';
import { DealRows, indexDeals, writeDeals } from '../../../../../projections/store/rows/deal-rows.js';
import { Kind, PostingsWriter } from '../../../../../projections/store/rows/postings.js';
import { runs } from '../../../../support/property/runs.js';

const FIRST_ID_OF_SHARD_1 = 2 ** 32;

/** Deals whose positions go on by little and by much: through many blocks, and parts of postings. */
const deals = fc.array(
  fc.record({
    gap: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200_000 })),
    number: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(512, 513, 1_025)),
    side: fc.constantFrom(0, 1),
    buyer: fc.nat({ max: 200 }),
    seller: fc.nat({ max: 200 }),
    participants: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
    instrument: fc.nat({ max: 2 }),
  }),
  { minLength: 1, maxLength: 700 },
);

function stored(given: readonly number[][], chunks: readonly number[]): SqlDatabase {
  const database = new SqlDatabase(':memory:');
  database.exec(schema);
  const postings = new PostingsWriter(database);
  let [from, chunk] = [0, 0];
  while (from < given.length) {
    const rows = given.slice(from, from + (chunks[chunk++ % chunks.length] ?? 1)).flat();
    writeDeals(database, rows);
    indexDeals(postings, rows);
    postings.write();
    from += rows.length / 12;
  }
  return database;
}

it('Deals are found by all that they are found by, forwards and backwards, in however many chunks they came', () => {
  const cases = fc.record({
    deals,
    chunks: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
    after: fc.double({ min: 0, max: 1, noNaN: true }),
    before: fc.double({ min: 0, max: 1, noNaN: true }),
    descending: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ deals, chunks, descending, ...shares }) => {
      let position = 0;
      const rows = deals.map(({ gap, number, side, buyer, seller, participants, instrument }, index) => {
        position += gap;
        const [one, other] = participants;
        const ids = [FIRST_ID_OF_SHARD_1 + buyer, one, FIRST_ID_OF_SHARD_1 + 201 + seller, other];
        return [position, number, side, ...ids, instrument, 100 + index, 1 + index, 1_700_000_000_000 + index, index];
      });
      const database = stored(rows, chunks);
      const found = new DealRows(database);
      const range = {
        after: Math.floor(shares.after * position) - 1,
        before: Math.ceil(shares.before * position) + 1,
        descending,
      };
      const expected = (isWanted: (row: readonly number[]) => boolean): readonly (readonly number[])[] => {
        const wanted = rows.filter(([at = 0]) => at > range.after && at < range.before).filter(isWanted);
        return descending ? wanted.reverse() : wanted;
      };
      expect([...found.between(range)]).toEqual(expected(() => true));
      for (const id of [0, 1, 2, 3]) {
        const [participant, instrument] = [Kind.Participant, Kind.Instrument];
        expect([...found.of({ kind: participant, id }, range)]).toEqual(
          expected((row) => row[4] === id || row[6] === id),
        );
        expect([...found.of({ kind: instrument, id }, range)]).toEqual(expected((row) => row[7] === id));
      }
      for (const [, number = 0, side, buyer = 0, , seller = 0] of rows.slice(0, 20)) {
        const key = { kind: Kind.Intention, id: buyer };
        expect([...found.of(key, range)]).toEqual(expected((row) => row[3] === buyer));
        const initiator = side === 0 ? buyer : seller;
        const isOwn = (row: readonly number[]): boolean => (row[2] === 0 ? row[3] : row[5]) === initiator;
        const numbered = { kind: Kind.Intention, id: initiator, initiatedNumber: number };
        expect([...found.of(numbered, range)]).toEqual(
          expected((row) => isOwn(row) && (row[1] ?? 0) % 512 === number % 512),
        );
      }
      for (const [at = 0, ...rest] of rows.slice(-20)) {
        expect(found.at(at)).toEqual([at, ...rest]);
        expect(found.countBefore(at)).toBe(rest.at(-1));
      }
      expect(found.countBefore(position + 1)).toBeUndefined();
      database.close();
    }),
    runs(40),
  );
});
