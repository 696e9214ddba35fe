import path from 'node:path';
import { expect, it } from 'vitest';
import { type BookLevel, ParleyClient } from '../../../src/client/index.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { Example } from '../../support/example.js';
import { describeWith } from '../../support/needs/suite.js';
import { Random } from '../../support/random.js';

const SHOWN_LEVELS = 5;
const POSTS = 200;

await describeWith('python', 'the order book of the examples', () => {
  const folder = commandLineFolder();

  it('The book that the Python program keeps is the one that the server shows, after posts, deals and withdrawals at random', async () => {
    const serving = await Serving.start('--data', path.join(folder, 'market'));
    const parley = new ParleyClient({ url: serving.url });
    await parley.putInstrument('ACME', { tickSize: '0.05', lotSize: '0.5' });
    const program = Example.startPython('order-book/order_book.py', [serving.url, 'ACME']);

    await tradeAtRandom(parley);

    const shown = await bookOf(parley);
    expect(shown.bids.length + shown.asks.length).toBeGreaterThan(SHOWN_LEVELS);
    await expect.poll(() => lastOf(program.stdout), { message: program.stderr }).toMatchObject(shown);
    await serving.end();
  });
});

async function tradeAtRandom(parley: ParleyClient): Promise<void> {
  const random = new Random(20);
  const posted: string[] = [];
  for (let number = 0; number < POSTS; number++) {
    const { id } = await parley.postIntention({
      clientIntentionId: `p-${number}`,
      participant: random.pick(['alice', 'bob']),
      instrument: 'ACME',
      side: random.pick(['buy', 'sell']),
      price: `${random.between(98, 102)}.${random.pick(['00', '05', '50', '95'])}`,
      quantity: `${random.between(1, 9)}.5`,
    });
    posted.push(id);
    if (random.chance(0.3)) await parley.withdraw(random.pick(posted));
  }
}

async function bookOf(parley: ParleyClient) {
  const { bids, asks, checksum } = await parley.book('ACME', { depth: SHOWN_LEVELS });
  return { checksum, bids: bids.map(pairOf), asks: asks.map(pairOf) };
}

function pairOf({ price, quantity }: BookLevel): [string, string] {
  return [price, quantity];
}

/** The last whole line that the program has printed. */
function lastOf(stdout: string): unknown {
  return JSON.parse(stdout.split('\n').at(-2) ?? 'null');
}
