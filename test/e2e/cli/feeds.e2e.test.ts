import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { type Feed, openFeed } from '../../support/http/feed.js';

const folder = commandLineFolder();

const idsOf = async (feed: Feed, count: number): Promise<number[]> =>
  (await feed.take(count)).map(({ id }) => Number(id));
const upTo = (from: number, until: number): number[] => Array.from({ length: until - from }, (_, at) => from + at);

describe('the feed of events', () => {
  it('The feed of events goes on live and over a kill of the server, nothing missing and nothing twice', async () => {
    const data = path.join(folder, 'data');
    let server = await Serving.start('--data', data);
    await server.ask(['list', 'ACME', '--tick-size', '1', '--lot-size', '1']);
    const post = async (participant: string): Promise<void> => {
      const terms = ['--instrument', 'ACME', '--side', 'buy', '--price', '10', '--quantity', '5'];
      expect((await server.ask(['post', ...terms, '--participant', participant])).code).toBe(0);
    };
    const all = await openFeed(`${server.url}/v1/events?from=0`);
    const posted = await openFeed(`${server.url}/v1/events?from=0&type=IntentionPosted`);
    for (const participant of ['alice', 'bob']) {
      await post(participant);
      const [event] = await posted.take(1);
      expect(event?.data).toMatchObject({ type: 'IntentionPosted' });
    }
    const ids = await idsOf(all, 5);
    expect(ids).toEqual(upTo(0, 5));
    all.ended.catch(() => undefined);
    await server.end('SIGKILL');

    server = await Serving.start('--data', data);
    const rest = await openFeed(`${server.url}/v1/events`, { 'last-event-id': '4' });
    await post('carol');
    const types: unknown[] = [];
    let next = 5;
    while (types.filter((type) => type === 'IntentionPosted').length < 2) {
      const [event] = await rest.take(1);
      expect(Number(event?.id)).toBe(next++);
      types.push(event?.event);
    }
    await server.end();
    await rest.ended;
  });
});
