import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePorts } from '../../../infra/kafka/local/ports.js';
import { ParleyClient } from '../../../src/client/index.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { Example } from '../../support/example.js';

describe('the market maker of the examples', () => {
  const folder = commandLineFolder();

  it('The market maker quotes both sides, moves with its fills, survives a kill of the server, and withdraws all in the end', async () => {
    const [port = 0] = await freePorts(1);
    const args = ['--port', String(port), '--data', path.join(folder, 'market')];
    const url = `http://127.0.0.1:${port}`;
    const parley = new ParleyClient({ url });
    const top = async (): Promise<(string | undefined)[]> => {
      const { bids, asks } = await parley.book('ACME');
      return [bids[0]?.price, asks[0]?.price];
    };
    const take = (clientIntentionId: string, side: 'buy' | 'sell', price: string) =>
      parley.postIntention({ clientIntentionId, participant: 'alice', instrument: 'ACME', side, price, quantity: '4' });

    const first = await Serving.start(...args);
    await parley.putInstrument('ACME', { tickSize: '0.05', lotSize: '1' });
    const maker = Example.start('maker-bot/maker.ts', ['--url', url]);
    await expect.poll(top).toEqual(['99.90', '100.10']);

    await take('a-1', 'buy', '101');
    await expect.poll(top).toEqual(['100.00', '100.20']);

    await first.end('SIGKILL');
    const second = await Serving.start(...args);
    await take('a-2', 'sell', '100');
    await expect.poll(top).toEqual(['99.90', '100.10']);

    expect(await maker.interrupt(), maker.stderr).toBe(0);
    expect(maker.stdout).toContain('withdrew everything; has 0 ACME and 0.40 in cash');
    expect(await top()).toEqual([undefined, undefined]);
    await second.end();
  });
});
