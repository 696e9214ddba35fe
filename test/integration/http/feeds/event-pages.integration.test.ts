import { beforeEach, describe, expect, it } from 'vitest';
import type { EventPage, ParleyClient, RecordedEvent } from '../../../../src/client/index.js';
import { clientOf } from '../../../support/http/client.js';
import { keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, type Market, openMarket } from '../../../support/http/market.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
  for (const terms of [{}, { participant: 'bob', side: 'sell' as const, quantity: '30' }]) {
    for (let count = 0; count < 3; count++) await market.exchange.post(aPost(terms) as never);
  }
});

/** All pages of a filter, one after the other. */
async function pagesOf(client: ParleyClient, filter: { limit: number; types?: string[] }): Promise<EventPage[]> {
  const pages: EventPage[] = [];
  for (let from = 0; ;) {
    const page = await client.history.events({ from, ...filter });
    pages.push(page);
    if (page.events.length < filter.limit) return pages;
    from = page.upTo;
  }
}

const positionsOf = (events: readonly RecordedEvent[]): number[] => events.map(({ position }) => position);

describe('a page of events', () => {
  it('Pages of events, one after the other, are all events of the log, none missing and none twice', async () => {
    const client = await clientOf(market);
    const head = await market.log.head();
    for (const limit of [1, 4, head, 1_000]) {
      const pages = await pagesOf(client, { limit });
      expect(positionsOf(pages.flatMap(({ events }) => events))).toEqual(Array.from({ length: head }, (_, at) => at));
      expect(pages.every(({ events }) => events.length <= limit)).toBe(true);
      expect(pages.at(-1)?.upTo).toBe(head);
    }
    expect(await client.history.events()).toMatchObject({ events: { length: head }, upTo: head });
  });

  it('A page of which fewer events match than it may have ends at the head, and says that it has looked so far', async () => {
    const client = await clientOf(market);
    const head = await market.log.head();
    const posted = await client.history.events({ types: ['IntentionPosted'] });
    expect(posted.events.map(({ type }) => type)).toEqual(Array.from({ length: 6 }, () => 'IntentionPosted'));
    expect(posted.upTo).toBe(head);
    const [first] = posted.events;
    const stream = await client.history.events({ stream: `intention-1`, from: (first?.position ?? 0) + 1, limit: 2 });
    expect(stream.events.map((event) => event.stream)).toEqual(['intention-1', 'intention-1']);
    expect(stream.upTo).toBe((stream.events[1]?.position ?? 0) + 1);
    for (const filter of [{ types: ['NoSuchType'] }, { types: [] }, { stream: 'intention-99' }, { from: head }]) {
      expect(await client.history.events(filter)).toEqual({ events: [], upTo: head });
    }
  });

  it('A page goes no further than it is asked to, also where the log goes on, and one that ends before it begins is empty', async () => {
    const client = await clientOf(market);
    const page = await client.history.events({ from: 2, until: 5 });
    expect([positionsOf(page.events), page.upTo]).toEqual([[2, 3, 4], 5]);
    expect(await client.history.events({ from: 0, until: 4, types: ['DealConfirmed'] })).toEqual({
      events: [],
      upTo: 4,
    });
    expect(await client.history.events({ from: 4, until: 2 })).toEqual({ events: [], upTo: 4 });
  });

  it('A page takes no place among the feeds of a key once it has been given', async () => {
    const { url } = await listen(market, { feeds: { maxFeeds: 1 } });
    const page = async (): Promise<{ status: number; ids: readonly string[] }> => {
      const response = await fetch(`${url}/v1/events?from=0&until=3`);
      const messages = (await response.text()).split('\n\n').filter((part) => part.includes('data:'));
      return { status: response.status, ids: messages.map((message) => message.split('\n', 1)[0] ?? '') };
    };
    const whole = { status: 200, ids: ['id: 0', 'id: 1', 'id: 2', 'event: upTo'] };
    for (let count = 0; count < 5; count++) await expect.poll(page).toEqual(whole);
  });

  it('A page of a participant is of the stream of an intention of its own, and of no other', async () => {
    const options = { keyFile: await keyFile(), key: 'alices-key' };
    const client = await clientOf(market, options);
    const own = await client.history.events({ stream: 'intention-1' });
    expect(own.events.length).toBeGreaterThan(1);
    expect(own.upTo).toBe(await market.log.head());
    for (const filter of [{}, { stream: 'intention-4' }, { stream: 'shard-0' }]) {
      await expect(client.history.events(filter)).rejects.toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
  });

  it('A page is refused beyond the head, of a shard that there is not, and of no events at all', async () => {
    const client = await clientOf(market);
    const head = await market.log.head();
    await expect(client.history.events({ from: head + 1 })).rejects.toMatchObject({ code: 'POSITION_AHEAD' });
    await expect(client.history.events({ shard: 3 })).rejects.toMatchObject({ code: 'UNKNOWN_SHARD' });
    for (const limit of [0, -1, 1.5]) await expect(client.history.events({ limit })).rejects.toThrow(RangeError);
  });
});

describe('what the client asks of the past', () => {
  it('The client tells why, draws the charts, and finds the moments of its own intentions, at any moment', async () => {
    const client = await clientOf(market, { keyFile: await keyFile(), key: 'alices-key' });
    expect(await client.caller()).toEqual({ role: 'participant', participant: 'alice', keys: true });
    const [deal] = await client.deals({ after: 0, limit: 1 });
    const { id = '', position: decided = 0 } = deal ?? {};
    const why = await client.history.why('1');
    expect(why).toMatchObject({ intention: '1', state: 'open', filled: '90' });
    expect(why.reasons.map(({ kind }) => kind)).toEqual(['posted', 'rested', 'deal', 'deal', 'deal', 'open']);
    expect(await client.history.why('1', { at: decided })).toMatchObject({ filled: '0', position: decided });
    const chart = await client.history.dealChart(id);
    expect(chart).toMatchObject({ deal: id, outcome: 'confirmed', instrument: 'ACME' });
    expect(await client.history.dealChart(id, { at: decided })).toMatchObject({ outcome: 'open' });
    expect(await client.history.intentionChart('1')).toMatchObject({ intention: '1', omittedDeals: 0 });
    expect(await client.history.moment({ at: decided })).toMatchObject({ position: decided, nextDeal: decided + 1 });
    const timeline = await client.history.timeline({ buckets: 2, until: decided + 1 });
    expect(timeline).toMatchObject({ until: decided + 1, deals: [0, 1], marks: [{ kind: 'restart' }] });
    await expect(client.history.doubts()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const operator = await clientOf(market);
    expect(await operator.history.doubts({ at: decided })).toMatchObject([{ deal: id, state: 'accepted' }]);
  });

  it('The client’s lists and look-ups are as of a moment where they are asked for one', async () => {
    const client = await clientOf(market);
    const [deal] = await client.deals({ after: 0, limit: 1 });
    const { id = '', position: decided = 0, at: atTime = '' } = deal ?? {};
    const at = decided;
    expect(await client.deals({ at })).toEqual([]);
    expect(await client.deals({ at: at + 1 })).toEqual([deal]);
    expect(await client.positions({ at })).toEqual([]);
    expect(await client.positions({ at: at + 1 })).toMatchObject([{ net: '30' }, { net: '-30' }]);
    expect(await client.intention('1', { at })).toMatchObject({ filled: '0', reserved: '30' });
    expect(await client.intentions({ at, participant: 'bob' })).toMatchObject([{ id: '4', filled: '0' }]);
    expect(await client.account({ participant: 'alice', at: 0 })).toMatchObject({ intentions: [], position: 0 });
    expect(await client.deal(id, { at: at + 1 })).toEqual(deal);
    await expect(client.deal(id, { at })).rejects.toMatchObject({ code: 'UNKNOWN_DEAL' });
    expect((await client.deals({ atTime })).map((each) => each.id)).toContain(id);
    expect(await client.deals({ atTime: '2000-01-01T00:00:00Z' })).toEqual([]);
    await expect(client.intentions({ at: 1_000 })).rejects.toMatchObject({ code: 'POSITION_AHEAD' });
  });
});
