import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_IMAGE, ParleyContainer } from '../../../src/testcontainers/index.js';
import { skipWithout } from '../../support/needs/suite.js';
import { missingImage } from '../../support/servers/container-engine.js';

describe('an exchange in a container', () => {
  it('An exchange in a container is ready when it has started, with its instruments and its keys', async (context) => {
    await skipWithout(context, 'containers');
    const missing = await missingImage(DEFAULT_IMAGE);
    if (missing !== undefined) context.skip(missing);
    const acme = { symbol: 'ACME', tickSize: '0.05', lotSize: '1' };
    const exchange = await new ParleyContainer().withKeys('alice').withInstruments(acme).start();
    onTestFinished(async () => {
      await exchange.stop();
    });
    const terms = { clientIntentionId: 'a-1', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '1' } as const;
    expect(await exchange.client('alice').postIntention(terms)).toMatchObject({ participant: 'alice' });
    expect(await exchange.client().instruments()).toMatchObject([acme]);
  });
});
