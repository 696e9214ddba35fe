// A project of its own that starts the exchange in a container, in TypeScript. It is compiled and not run: that takes an engine.
import { ParleyContainer } from 'parley-exchange/testcontainers';

export async function trade(): Promise<string> {
  const exchange = await new ParleyContainer('parley:0.1.0')
    .withKeys('alice', 'bob')
    .withInstruments({ symbol: 'ACME', tickSize: '0.05', lotSize: '1' })
    .withStartupTimeout(60_000)
    .start();
  const book = await exchange.client('alice').book('ACME');
  await exchange.stop();
  return `${exchange.url} ${exchange.keyOf('bob')} ${book.position}`;
}
