import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParleyClient, ParleyError, type PostIntention } from '../../../src/client/index.js';
import { runs } from '../../support/property/runs.js';

const post = (clientIntentionId: string): PostIntention => ({
  ...{ clientIntentionId, participant: 'alice', instrument: 'ACME', side: 'buy', quantity: '1' },
});

/** A stand-in for a server that answers with these bytes, in these pieces, whatever it is asked, and closes. */
function clientOf(pieces: readonly Uint8Array[], onAsked: () => void = () => undefined): ParleyClient {
  const fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    onAsked();
    // A server reads what it is sent before it answers.
    if (init.body instanceof ReadableStream) await new Response(init.body).arrayBuffer();
    return new Response(
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      }),
    );
  };
  return new ParleyClient({ url: 'http://host', fetch, retry: { attempts: 2, baseMs: 1, maxMs: 1 } });
}

/** What comes before the end or the error; any error is a ParleyError. */
async function taken<Value>(values: AsyncIterable<Value>, most = 20): Promise<{ values: Value[]; code?: string }> {
  const some: Value[] = [];
  try {
    for await (const value of values) {
      some.push(value);
      if (some.length >= most) break;
    }
    return { values: some };
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return { values: some, code: error.code };
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const eventText = (position: unknown): string =>
  `id: 1\nevent: X\ndata: ${JSON.stringify({ position, type: 'X' })}\n\n`;

describe('a feed of events', () => {
  it('The client’s feed of events never gives an event twice, backwards or without a position, whatever the server sends', async () => {
    const piece = fc.oneof(
      fc.nat(6).map(eventText),
      fc.constantFrom<unknown>(-1, 1.5, '3', null, 2 ** 60).map(eventText),
      fc.constantFrom(
        'data: {\n\n',
        'data: null\n\n',
        'data: []\n\n',
        ': alive\n\n',
        'id: x\n',
        'retry: nonsense\n\n',
        '\ufeff',
        '\u0000',
        '\r\n\r\n',
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        // A feed itself never ends. By the third connection all has come that can, and come again.
        const stop = new AbortController();
        let connections = 0;
        const client = clientOf(pieces.map(bytes), () => {
          if (++connections === 3) stop.abort();
        });
        const { values } = await taken(client.events({ from: 0, signal: stop.signal }));
        const positions = values.map(({ position }) => position);
        expect(positions.every((position) => Number.isSafeInteger(position) && position >= 0)).toBe(true);
        expect(positions).toEqual([...new Set(positions)].sort((one, other) => one - other));
      }),
      runs(60),
    );
  });

  it.each([
    ['is not JSON', 'data: {\n\n'],
    ['has no position', 'data: {"type":"X"}\n\n'],
    ['has a position that is none', eventText(-1)],
    ['comes twice', eventText(4) + eventText(4)],
    ['comes too late', eventText(4) + eventText(3)],
  ])(
    'The client’s feed of events says of an event that it cannot be read, and does not ask for it again and again, when it %s',
    async (_what, text) => {
      expect(await taken(clientOf([bytes(text)]).events({ from: 0 }))).toMatchObject({ code: 'UNREADABLE' });
    },
  );
});

describe('a stream of posts', () => {
  it('The client’s stream of posts gives one answer a post at most, in order, whatever the server sends', async () => {
    const answer = fc.record({
      line: fc.integer({ min: -1, max: 6 }),
      status: fc.constantFrom<unknown>(201, 422, '201', null),
    });
    const line = fc.oneof(
      answer.map((each) => JSON.stringify(each)),
      fc.constantFrom('', 'null', '[]', '{', '1'),
      fc.string(),
    );
    const lines = fc.oneof(
      fc.array(line, { maxLength: 6 }),
      fc
        .nat(6)
        .map((count) =>
          Array.from({ length: count }, (_each, index) => JSON.stringify({ line: index + 1, status: 201 })),
        ),
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.nat(3), async (some, posts) => {
        const client = clientOf([bytes(some.map((each) => `${each}\n`).join(''))]);
        const sent = Array.from({ length: posts }, (_each, index) => post(`c-${index}`));
        const { values, code } = await taken(client.postIntentions(sent));
        expect(values.length).toBeLessThanOrEqual(posts);
        expect(values.map(({ index }) => index)).toEqual(values.map((_each, index) => index));
        if (values.length < posts) expect(code).toMatch(/^UNREAD|^UNREACH/);
      }),
      runs(200),
    );
  });

  it.each([
    ['answers more than it was sent', '{"line":1,"status":201}\n{"line":2,"status":201}\n'],
    ['answers without a status', '{"line":1}\n'],
    ['answers with a status that is none', '{"line":1,"status":"201"}\n'],
  ])('The client’s stream of posts says that it cannot be read when the server %s', async (_what, text) => {
    expect(await taken(clientOf([bytes(text)]).postIntentions([post('c-1')]))).toMatchObject({ code: 'UNREADABLE' });
  });

  it('The client’s stream of posts does not keep a line that does not end', async () => {
    const piece = bytes('x'.repeat(1 << 18));
    expect(await taken(clientOf(Array.from({ length: 12 }, () => piece)).postIntentions([post('c-1')]))).toEqual({
      ...{ values: [], code: 'UNREADABLE' },
    });
  });
});
