import { beforeEach, describe, expect, it } from 'vitest';
import { clientOf, post } from '../../support/http/client.js';
import { keyFile } from '../../support/http/key-file.js';
import { type Market, openMarket } from '../../support/http/market.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

describe('the client', () => {
  it('The client does all that the exchange does', async () => {
    const client = await clientOf(market);
    expect(await client.health()).toEqual({ isLive: true, isReady: true });
    expect(await client.putInstrument('NEW', { tickSize: '1', lotSize: '1' })).toMatchObject({ symbol: 'NEW' });
    expect((await client.instruments()).map(({ symbol }) => symbol)).toEqual(['ACME', 'NEW']);
    const { id } = await client.postIntention(post('a-1'));
    expect(await client.postIntention(post('a-1'))).toMatchObject({ id });
    expect((await client.book('ACME', { depth: 5 })).bids).toEqual([
      { price: '10.25', quantity: '100', intentions: 1 },
    ]);
    expect(await client.reduce(id, '10')).toMatchObject({ open: '90' });
    expect(await client.replace(id, { price: '10.30', quantity: '80' })).toMatchObject({ open: '80' });
    await client.postIntention(post('b-1', { participant: 'bob', side: 'sell', quantity: '30' }));
    const [deal] = await client.deals({ participant: 'bob' });
    expect(deal).toMatchObject({ price: '10.30', quantity: '30', buyer: 'alice' });
    expect(await client.deal(deal?.id ?? '')).toEqual(deal);
    expect(await client.intention(id)).toMatchObject({ open: '50', filled: '30' });
    expect(await client.intentions({ participant: 'alice' })).toHaveLength(1);
    expect(await client.positions()).toMatchObject([
      { participant: 'alice', net: '30' },
      { participant: 'bob', net: '-30' },
    ]);
    expect(await client.positions({ after: { participant: 'alice', instrument: 'ACME' } })).toHaveLength(1);
    expect(await client.withdraw(id)).toMatchObject({ status: 'withdrawn' });
    expect(await client.changePhase('NEW', 'call')).toMatchObject({ phase: 'call' });
    expect(await client.uncross('NEW')).toMatchObject({ volume: '0', deals: 0 });
  });

  it('The client sends commands of every kind in one stream, and gives their answers in order', async () => {
    const client = await clientOf(market);
    const participant = 'alice';
    const commands = [
      post('a-1'),
      { command: 'reduce', clientIntentionId: 'a-1', participant, by: '10' },
      { command: 'replace', clientIntentionId: 'a-1', participant, price: '10.30' },
      post('a-2', { price: '10.255' }),
      { command: 'withdraw', clientIntentionId: 'a-1', participant },
      { command: 'switch', withinMs: 0, participant },
      { command: 'withdrawAll', all: true, participant },
    ] as const;
    const answers = [];
    for await (const sent of client.sendCommands(commands)) answers.push(sent.ok ? sent.answer : sent.code);
    expect(answers).toMatchObject([
      { clientIntentionId: 'a-1', status: 'open', open: '100' },
      { status: 'open', open: '90' },
      { status: 'open', open: '90' },
      'PRICE_OFF_TICK',
      { status: 'withdrawn', open: '0' },
      { withinMs: 0 },
      { withdrawn: 0 },
    ]);
  });

  it('The client shows its key', async () => {
    const client = await clientOf(market, { keyFile: await keyFile(), key: 'alices-key' });
    const { clientIntentionId, instrument, side, price, quantity } = post('a-1');
    const mine = { clientIntentionId, instrument, side, price, quantity };
    expect(await client.postIntention(mine)).toMatchObject({ participant: 'alice' });
    await expect(client.postIntention(post('a-2', { participant: 'bob' }))).rejects.toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
    });
    await expect(client.uncross('ACME')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
