import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesAround } from '../../../../projections/moments/neighbours.js';
import { logOf } from '../../../support/history/history-log.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { runs } from '../../../support/property/runs.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });

it('The batches around a moment, and its time, are those that a naive scan of all batches and events finds, up to the head', async () => {
  const cases = fc.record({ seed: fc.nat(), length: fc.nat({ max: 150 }), headAt: share, at: fc.array(share) });
  const property = fc.asyncProperty(cases, async ({ seed, length, headAt, at }) => {
    const history = new History();
    new NaiveMarket(history, seed, { crash: 0.05, decline: 0.1, auction: 0.02 }).run(length);
    history.seal();
    const batches = history
      .batches()
      .map(({ firstPosition, count }) => [firstPosition, firstPosition + count] as const);
    const ends = [0, ...batches.map(([, end]) => end)];
    const head = ends[Math.round(headAt * (ends.length - 1))] ?? 0;
    for (const position of [0, 1, head, ...at.map((part) => Math.round(part * head))].filter((each) => each <= head)) {
      const previous = batches.filter(([start]) => start < position).at(-1);
      const next = batches.find(([, end]) => end > position && end <= head);
      const timed = history.events.slice(0, position).filter((event) => 'atMs' in event);
      expect(await batchesAround(logOf(history), position, head)).toEqual({
        ...(timed.length > 0 && { atMs: (timed.at(-1) as { atMs: number }).atMs }),
        ...(previous !== undefined && { previousBatch: previous[0] }),
        ...(next !== undefined && { nextBatch: next[1] }),
      });
    }
  });
  await fc.assert(property, runs(50));
});

it('The time of a moment is found also where the batch before it names none', async () => {
  const history = new History();
  const participant = history.admit('alice');
  const instrument = history.list('ACME');
  const one = history.post(participant, instrument, 'buy', 10, 5);
  const other = history.post(participant, instrument, 'sell', 10, 5);
  const { atMs } = history;
  history.seal();
  const deal = history.propose(one, other, 10, 5);
  history.seal();
  history.accept(one, deal, 5);
  history.seal();
  const found = await batchesAround(logOf(history), history.head, history.head);
  expect(found).toEqual({ atMs: atMs - 1, previousBatch: history.head - 2 });
});
