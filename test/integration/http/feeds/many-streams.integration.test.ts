import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, it, describe, onTestFinished } from 'vitest';
import { listen, openMarket } from '../../../support/http/market.js';

const MANY = 40;

/** What Node warns of until the test is over. */
function warnings(): Error[] {
  const told: Error[] = [];
  const note = (warning: Error): void => void told.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  return told;
}

describe('many streams of one server', () => {
  it.each([
    ['feeds of events', 'GET', '/v1/events', {}],
    ['streams of posts', 'POST', '/v1/intentions', { 'content-type': 'application/x-ndjson' }],
  ])(
    'Many streams of one server are no reason for a warning, open or ended by its stop: %s',
    async (_what, method, path, headers) => {
      const told = warnings();
      const server = await listen(await openMarket());
      const streams = Array.from({ length: MANY }, async () => {
        const sent = request({ port: server.port, method, path, headers });
        sent.on('error', () => undefined);
        sent.flushHeaders();
        const [response] = (await once(sent, 'response')) as [IncomingMessage];
        return response.resume();
      });
      const open = await Promise.all(streams);
      const ends = open.map((stream) => once(stream, 'close'));
      await server.stop();
      await Promise.all(ends);
      expect(told.map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
    },
  );
});
