/**
 * An arbitrageur: the same thing is traded as two instruments; whenever one is wanted for more than the other is offered for, it sells
 * the first and buys the second, at once or not at all.
 *
 *     npx tsx examples/trading-bots/arbitrageur.ts --first ACME --second ACME.L
 */
import { randomUUID } from 'node:crypto';
import type { BookLevel, OrderBook } from 'parley-exchange/client';
import { textOf, unitsOf } from './decimals.js';
import { readOptions, Trader } from './trader.js';

const options = readOptions({
  participant: { type: 'string', default: 'arbitrageur' },
  first: { type: 'string', default: 'ACME' },
  second: { type: 'string', default: 'ACME.L' },
  /** Of each of the two orders at most. */
  size: { type: 'string', default: '5' },
});

const { participant } = options;
const trader = await Trader.start(options);
const { client, stopping } = trader;
const { signal } = stopping;
const run = `arbitrage-${randomUUID().slice(0, 8)}`;
let posted = 0;
/** As they stand now; each is kept by its stream. */
const books = new Map<string, OrderBook>();
/** Of each instrument the log position that its book must be past to count: before that it may offer what this program has taken. */
const staleUpTo = new Map<string, number>();
let isTaking = false;

console.log(`watches ${options.first} and ${options.second}`);
await Promise.all([follow(options.first), follow(options.second)]);
process.exit(await trader.finish());

interface Chance {
  readonly cheap: string;
  readonly ask: BookLevel;
  readonly dear: string;
  readonly bid: BookLevel;
}

async function follow(instrument: string): Promise<void> {
  for await (const book of client.market.followBook(instrument, { rate: '100ms', signal })) {
    books.set(instrument, book);
    if (!isTaking) await takeAll();
  }
}

/** One after the other, so that no two take the same. */
async function takeAll(): Promise<void> {
  isTaking = true;
  for (let chance = look(); chance !== undefined && !signal.aborted; chance = look()) await take(chance);
  isTaking = false;
}

function look(): Chance | undefined {
  return chanceOf(options.first, options.second) ?? chanceOf(options.second, options.first);
}

function chanceOf(cheap: string, dear: string): Chance | undefined {
  const ask = bookOf(cheap)?.bestAsk;
  const bid = bookOf(dear)?.bestBid;
  if (ask === undefined || bid === undefined || unitsOf(ask.price) >= unitsOf(bid.price)) return undefined;
  return { cheap, ask, dear, bid };
}

function bookOf(instrument: string): OrderBook | undefined {
  const book = books.get(instrument);
  return book !== undefined && book.position > (staleUpTo.get(instrument) ?? -1) ? book : undefined;
}

/** Buys the cheap one and sells the dear one. */
async function take({ cheap, ask, dear, bid }: Chance): Promise<void> {
  const quantity = least(ask.quantity, bid.quantity, options.size);
  const bought = await immediate('buy', cheap, ask.price, quantity);
  // What was bought is sold again, here or where it came from; what has nobody to take it is held.
  const left = textOf(unitsOf(bought) - unitsOf(await sold(dear, bid.price, bought)));
  if (left !== '0') await sold(cheap, undefined, left);
}

async function sold(instrument: string, price: string | undefined, quantity: string): Promise<string> {
  return unitsOf(quantity) === 0n ? '0' : immediate('sell', instrument, price, quantity);
}

/** Deals at once what it can, at this price or better; resolves to how much that was. */
async function immediate(
  side: 'buy' | 'sell',
  instrument: string,
  price: string | undefined,
  quantity: string,
): Promise<string> {
  const clientIntentionId = `${run}-${++posted}`;
  const seen = books.get(instrument)?.position ?? -1;
  const terms = price === undefined ? ({ type: 'market' } as const) : ({ price, timeInForce: 'ioc' } as const);
  const answer = await client.postIntention({ clientIntentionId, participant, instrument, side, quantity, ...terms });
  await trader.knows(answer.position);
  staleUpTo.set(instrument, Math.max(seen, answer.deals.at(-1)?.position ?? -1));
  return answer.filled;
}

function least(...quantities: readonly string[]): string {
  return textOf(quantities.map(unitsOf).reduce((one, other) => (one < other ? one : other)));
}
