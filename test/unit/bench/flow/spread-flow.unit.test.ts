import { expect, it } from 'vitest';
import { FlowBook } from '../../../bench/flow/flow-book.js';
import { Kind } from '../../../bench/flow/flow.js';
import { makeSpreadFlow } from '../../../bench/flow/spread-flow.js';

it.each([1, 300])(
  'A flow spread over instruments makes the same deals, and leaves nobody resting: %i',
  (instruments) => {
    const {
      commands,
      kinds,
      priceTicks,
      lots,
      intentions,
      instruments: column,
      shape,
      posts,
    } = makeSpreadFlow({ instruments, participants: 100 }, 300);
    const books = Array.from({ length: instruments }, () => new FlowBook());
    /** Of each intention, by its number in the whole flow: its number in its book. */
    const numbers = new Int32Array(posts);
    const posted = new Int32Array(instruments);
    let next = 0;
    for (let at = 0; at < commands; at++) {
      const instrument = (column?.[at] ?? 0) - 1;
      const intention = intentions[at] ?? 0;
      const kind = kinds[at] ?? 0;
      if (kind === Kind.Withdraw) {
        books[instrument]?.withdraw(numbers[intention] ?? -1);
        continue;
      }
      if (intention !== next++) expect.fail(`post ${next - 1} is numbered ${intention}`);
      numbers[intention] = posted[instrument] ?? 0;
      posted[instrument] = (posted[instrument] ?? 0) + 1;
      books[instrument]?.arrive(kind, priceTicks[at] ?? 0, lots[at] ?? 0);
    }
    expect(books.reduce((sum, { resting }) => sum + resting, 0)).toBe(0);
    expect(books.reduce((sum, { deals }) => sum + deals, 0)).toBe(shape.deals);
  },
);
