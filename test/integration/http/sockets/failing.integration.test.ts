import { expect, it, vi } from 'vitest';
import { appOf, aPost, listen, openMarket } from '../../../support/http/market.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';

it('A WebSocket is closed as failed when the exchange that it waits for fails', async () => {
  const market = await openMarket();
  const { url } = await listen(market);
  const program = await SocketProgram.open(url);
  market.exchange.congest();
  vi.spyOn(market.exchange, 'drained').mockRejectedValue(new Error('broken'));
  program.send({ id: 1, command: aPost() });
  expect(await program.closed()).toEqual({ code: 1011, reason: 'the server failed' });
  expect(program.said).toEqual([]);
  expect(market.logged.map(({ msg }) => msg)).toContain('a WebSocket could not go on');
});

it('A WebSocket is closed as failed when its message cannot be looked at, and others go on', async () => {
  const market = await openMarket();
  const identify = (): never => {
    throw new Error('broken');
  };
  const app = appOf(market, { secured: true, identify, signer: () => undefined });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const other = await SocketProgram.open(url);
  const program = await SocketProgram.open(url);
  program.send({ id: 1, authenticate: { key: 'any' } });
  expect(await program.closed()).toMatchObject({ code: 1011 });
  expect(await other.ask({ id: 1, ping: {} })).toMatchObject({ id: 1, status: 401 });
});
