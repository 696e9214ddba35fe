import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePorts } from '../../../infra/kafka/local/ports.js';
import { ParleyClient } from '../../../src/client/index.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { Example } from '../../support/example.js';

describe('the trading bots of the examples', () => {
  const folder = commandLineFolder();

  it('The maker and the arbitrageur trade on over a kill of the server, and their records equal the ledger in the end', async () => {
    const [port = 0] = await freePorts(1);
    const args = ['--port', String(port), '--data', path.join(folder, 'market')];
    const url = `http://127.0.0.1:${port}`;
    const parley = new ParleyClient({ url });
    const top = async (): Promise<(string | undefined)[]> => {
      const { bids, asks } = await parley.book('ACME');
      return [bids[0]?.price, asks[0]?.price];
    };
    const held = async (): Promise<string[]> => {
      const positions = await parley.positions({ participant: 'arbitrageur' });
      return positions.map(({ instrument, bought, sold }) => `${instrument} +${bought} -${sold}`);
    };
    const bid = (clientIntentionId: string, side: 'buy' | 'sell', price: string) =>
      parley.postIntention({
        ...{ clientIntentionId, side, price },
        ...{ participant: 'bob', instrument: 'ACME.L', quantity: '5' },
      });

    const first = await Serving.start(...args);
    for (const symbol of ['ACME', 'ACME.L']) await parley.putInstrument(symbol, { tickSize: '0.05', lotSize: '1' });
    const maker = Example.start('trading-bots/maker.ts', ['--url', url]);
    const arbitrageur = Example.start('trading-bots/arbitrageur.ts', ['--url', url]);
    await expect.poll(top).toEqual(['99.90', '100.10']);

    await bid('b-1', 'buy', '101');
    await expect.poll(held).toEqual(['ACME +5 -0', 'ACME.L +0 -5']);

    await first.end('SIGKILL');
    const second = await Serving.start(...args);
    await bid('b-2', 'sell', '99');
    await expect.poll(held).toEqual(['ACME +5 -5', 'ACME.L +5 -5']);

    for (const bot of [arbitrageur, maker]) {
      expect(await bot.interrupt(), bot.stderr).toBe(0);
      expect(bot.stdout).toMatch(/ deals, 0 open; the record equals the ledger\n$/);
    }
    expect(await top()).toEqual([undefined, undefined]);
    await second.end();
  });
});
