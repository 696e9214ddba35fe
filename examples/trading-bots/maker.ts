/**
 * A market maker: stands on both sides of a price, moves that price against what it holds, and withdraws in the end. When it dies, a
 * dead man's switch withdraws for it.
 *
 *     npx tsx examples/trading-bots/maker.ts --instrument ACME --price 100
 */
import { randomUUID } from 'node:crypto';
import { ParleyError } from 'parley-exchange/client';
import { readOptions, Trader } from './trader.js';

const options = readOptions({
  participant: { type: 'string', default: 'maker' },
  instrument: { type: 'string', default: 'ACME' },
  /** The middle of its quotes while it holds nothing. */
  price: { type: 'string', default: '100' },
  /** Ticks from the middle to each quote. */
  spread: { type: 'string', default: '2' },
  /** Of each quote; holding so much moves the middle by a tick. */
  size: { type: 'string', default: '10' },
});

const { participant, instrument: symbol, size } = options;
const spread = Number(options.spread);
const trader = await Trader.start(options);
const { client, record, stopping } = trader;
const instrument = (await client.instruments()).find((each) => each.symbol === symbol);
if (instrument === undefined) throw new Error(`${symbol} is not listed`);
const decimals = instrument.tickSize.split('.')[1]?.length ?? 0;
const middle = Number(options.price) / Number(instrument.tickSize);
const alive = await client.keepAlive({ withinMs: 10_000, participant });
/** Ids of this run alone. */
const run = `maker-${randomUUID().slice(0, 8)}`;
let posted = 0;

console.log(`makes a market in ${symbol} around ${options.price}`);
while (!stopping.signal.aborted) {
  const { position: seen } = record;
  // Holding much, it would rather sell; owing much, rather buy.
  const skew = Math.round(Number(record.net(symbol)) / Number(size));
  await Promise.all([quote('buy', middle - skew - spread), quote('sell', middle - skew + spread)]);
  // What has come meanwhile counts: a fill of a quote must not wait for the next one.
  await trader.knows(seen);
}
await alive.end();
process.exit(await trader.finish());

/** Sees to it that one full quote stands at this price on this side. */
async function quote(side: 'buy' | 'sell', ticks: number): Promise<void> {
  const price = (ticks * Number(instrument?.tickSize)).toFixed(decimals);
  const standing = [...record.orders.values()].find((order) => order.instrument === symbol && order.side === side);
  if (standing?.open === size && standing.price === price) return;
  if (standing !== undefined) {
    // Filled or withdrawn by the switch meanwhile: the record says so shortly, and it is quoted again.
    const replaced = await client.replace(standing.id, { price, quantity: size }).catch(ignoreClosed);
    if (replaced !== undefined) await trader.knows(replaced.position);
    return;
  }
  const clientIntentionId = `${run}-${++posted}`;
  const { position } = await client.postIntention({
    clientIntentionId,
    participant,
    instrument: symbol,
    side,
    price,
    quantity: size,
  });
  await trader.knows(position);
}

function ignoreClosed(error: unknown): undefined {
  if (!(error instanceof ParleyError && error.code === 'INTENTION_CLOSED')) throw error;
}
