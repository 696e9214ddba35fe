/**
 * A market maker: offers to buy a little below a price and to sell a little above it, moves that price with its fills, and withdraws
 * everything in the end. What it knows it takes from the exchange, so it may be killed, and so may the server.
 *
 *     npx tsx examples/maker-bot/maker.ts --instrument ACME --price 100
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Instrument, type Intention, ParleyClient, ParleyError, type Side } from 'parley-exchange/client';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.PARLEY_URL ?? 'http://127.0.0.1:7070' },
    key: { type: 'string', ...(process.env.PARLEY_KEY === undefined ? {} : { default: process.env.PARLEY_KEY }) },
    participant: { type: 'string', default: 'maker' },
    instrument: { type: 'string', default: 'ACME' },
    /** The middle of its first two quotes. */
    price: { type: 'string', default: '100' },
    /** Ticks from the middle to each quote, and how far a fill moves the middle. */
    spread: { type: 'string', default: '2' },
    size: { type: 'string', default: '10' },
  },
});

const { participant, size } = values;
const spread = Number(values.spread);
/** A server that is being started again is waited for: what can safely be repeated is, for some minutes. */
const parley = new ParleyClient({ url: values.url, key: values.key, retry: { attempts: 100, maxMs: 1_000 } });
/** Ids of this run alone. The same id is the same intention, however often it is posted. */
const run = `maker-${randomUUID().slice(0, 8)}`;
let posted = 0;

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

const instrument = await listed(values.instrument);
await withdrawLeftovers();
let middle = ticksOf(instrument, values.price);
while (!stopping.signal.aborted) {
  const quotes = await Promise.all([quote('buy', middle - spread), quote('sell', middle + spread)]);
  console.log(`buys ${size} at ${quotes[0].price ?? ''}, sells ${size} at ${quotes[1].price ?? ''}`);
  await firstFill(quotes);
  // Both go before it quotes again, so that it never stands with more than it means to; a fill on the way counts too.
  const [bought, sold] = (await Promise.all(quotes.map(({ id }) => withdrawn(id)))).map(({ filled }) => Number(filled));
  if (bought !== undefined && bought > 0) middle -= spread;
  if (sold !== undefined && sold > 0) middle += spread;
  if (bought !== 0 || sold !== 0) console.log(`bought ${bought ?? 0}, sold ${sold ?? 0}`);
}
const [position] = (await parley.positions({ participant })).filter(
  ({ instrument: symbol }) => symbol === instrument.symbol,
);
console.log(
  `withdrew everything; has ${position?.net ?? '0'} ${instrument.symbol} and ${position?.cash ?? '0'} in cash`,
);

/** Fails where nobody has listed it. */
async function listed(symbol: string): Promise<Instrument> {
  const found = (await parley.instruments()).find((each) => each.symbol === symbol);
  if (found === undefined)
    throw new Error(`${symbol} is not listed: parley list ${symbol} --tick-size 0.05 --lot-size 1`);
  return found;
}

/** What an earlier run left when it was killed. */
async function withdrawLeftovers(): Promise<void> {
  const left = await parley.intentions({ participant, status: 'open' });
  for (const { id } of left.filter((each) => each.instrument === instrument.symbol)) await withdrawn(id);
}

async function quote(side: Side, ticks: number) {
  posted++;
  return parley.postIntention({
    clientIntentionId: `${run}-${posted}`,
    participant,
    instrument: instrument.symbol,
    side,
    price: priceOf(instrument, ticks),
    quantity: size,
  });
}

/** Resolves when one of them is filled, in part or whole, or when it is time to stop. Each has a stream of events of its own. */
async function firstFill(quotes: readonly { readonly id: string; readonly position: number }[]): Promise<void> {
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, stopping.signal]);
  await Promise.race(
    quotes.map(async ({ id, position: from }) => {
      for await (const event of parley.events({ stream: `intention-${id}`, from, type: 'DealSettled', signal })) {
        if (event.outcome === 'confirmed') return;
      }
    }),
  );
  enough.abort();
}

/** A withdrawal is safe to repeat, and of one that is filled says so. */
async function withdrawn(id: string): Promise<Intention> {
  for (;;) {
    try {
      await parley.withdraw(id);
      return await parley.intention(id);
    } catch (error) {
      if (!(error instanceof ParleyError && error.isTransient)) throw error;
    }
  }
}

/** Prices are decimal strings; a program counts in ticks, which are whole. */
function ticksOf({ tickSize }: Instrument, price: string): number {
  return Math.round(Number(price) / Number(tickSize));
}

function priceOf({ tickSize }: Instrument, ticks: number): string {
  const decimals = tickSize.split('.')[1]?.length ?? 0;
  return (ticks * Number(tickSize)).toFixed(decimals);
}
