import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { closeCodeSays } from '../../../../src/api/close-codes.js';
import { statusOf } from '../../../../src/server/problem-details.js';
import { type Market, aPost, listen, openMarket } from '../../../support/http/market.js';
import { frame, opcodes } from '../../../support/http/sockets/frame-maker.js';
import { RawSocket } from '../../../support/http/sockets/raw-socket.js';
import { runs } from '../../../support/property/runs.js';

/** What a program sends: bytes, how many messages of the server they bring, and whether the connection outlives them. */
interface Sent {
  readonly bytes: Buffer;
  readonly answers: number;
  readonly posts: number;
  readonly isFatal: boolean;
}

const said = (text: string): Sent => ({ bytes: frame(text), answers: 1, posts: 0, isFatal: false });
const quiet = (bytes: Buffer): Sent => ({ bytes, answers: 0, posts: 0, isFatal: false });
const fatal = (bytes: Buffer): Sent => ({ bytes, answers: 0, posts: 0, isFatal: true });

/** A post, in fragments of any length with a ping after each. */
const post = fc
  .tuple(
    fc.array(fc.nat(200), { maxLength: 5 }),
    fc.oneof(fc.integer(), fc.string({ unit: 'grapheme', maxLength: 16 })),
  )
  .map(([cuts, id]): Sent => {
    const text = Buffer.from(JSON.stringify({ id, command: aPost() }));
    const at = [...new Set([0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length])].sort((a, b) => a - b);
    const frames = at.slice(1).flatMap((end, index) => [
      frame(text.subarray(at[index], end), {
        opcode: index === 0 ? opcodes.text : opcodes.continuation,
        isFinal: end === text.length,
      }),
      frame(text.subarray(0, index), { opcode: opcodes.ping }),
    ]);
    return { bytes: Buffer.concat(frames), answers: 1, posts: 1, isFatal: false };
  });

const ids = fc.oneof(fc.integer(), fc.string({ maxLength: 64 }));
const verbs = fc.constantFrom(
  'command',
  'subscribe',
  'unsubscribe',
  'authenticate',
  'withdrawOnDisconnect',
  'ping',
  'x',
);
/** An object of one verb or several, that says nothing which anybody could do. */
const senseless = fc
  .record({
    id: fc.oneof(ids, fc.jsonValue()),
    rest: fc.dictionary(verbs, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 }),
  })
  .filter(({ rest }) => !isSensible(rest))
  .map(({ id, rest }) => said(JSON.stringify({ id, ...rest })));

function isSensible(rest: Readonly<Record<string, unknown>>): boolean {
  return typeof rest.withdrawOnDisconnect === 'boolean' || JSON.stringify(rest) === '{"ping":{}}';
}

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }).filter((text) => text !== ''),
  fc.json(),
  fc.constantFrom(
    '{',
    '{"id":1,"id":2,"ping":{}}',
    '{"id":1,"ping":{"a":1,"a":2}}',
    '[]',
    'null',
    '\ufeff{}',
    '"',
    '{}{}',
  ),
  fc.constant(`${'{"id":'.repeat(9_000)}1${'}'.repeat(9_000)}`),
);

const harmless = fc.oneof(
  { weight: 3, arbitrary: post },
  { weight: 2, arbitrary: senseless },
  texts.map(said),
  fc.uint8Array({ maxLength: 125 }).map((bytes) => quiet(frame(bytes, { opcode: opcodes.ping }))),
  fc.uint8Array({ maxLength: 125 }).map((bytes) => quiet(frame(bytes, { opcode: opcodes.pong }))),
);

const payloads = fc.uint8Array({ maxLength: 300 });
const deadly = fc.oneof(
  payloads.map((bytes) => fatal(frame(bytes, { isMasked: false }))),
  fc.tuple(payloads, fc.integer({ min: 1, max: 7 })).map(([bytes, reserved]) => fatal(frame(bytes, { reserved }))),
  fc
    .tuple(payloads, fc.constantFrom(0, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15))
    .map(([bytes, opcode]) => fatal(frame(bytes, { opcode }))),
  fc.constantFrom(126, 70_000).map((length) => fatal(frame('x'.repeat(length), { opcode: opcodes.ping }))),
  fc.integer({ min: 65_537, max: 0xffff_ffff }).map((saidLength) => fatal(frame('x', { saidLength }))),
  fc.constantFrom([0xff], [0xc3], [0xed, 0xa0, 0x80]).map((bytes) => fatal(frame(Buffer.from(bytes)))),
  fc.constantFrom(0, 999, 1004, 1005, 1006, 1016, 2999).map((code) => {
    return fatal(frame(Buffer.from([code >> 8, code & 0xff]), { opcode: opcodes.close }));
  }),
  fc.constantFrom(1000, 1001, 3000, 4999).map((code) => {
    return fatal(frame(Buffer.from([code >> 8, code & 0xff]), { opcode: opcodes.close }));
  }),
);

let market: Market;
let port = 0;
let url = '';

/** Sends all of it, cut anywhere, and looks at what comes back. */
async function tell(sent: readonly Sent[], last: Sent | undefined, cuts: readonly number[]): Promise<void> {
  const socket = await RawSocket.open(port);
  const before = market.exchange.taken;
  const bytes = Buffer.concat(sent.map((each) => each.bytes));
  const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  await socket.send(...at.slice(1).map((end, index) => bytes.subarray(at[index], end)));
  const answers = sent.reduce((sum, each) => sum + each.answers, 0);
  const heard = await socket.messages(answers);
  expect(heard).toMatchObject({ isSound: true, code: undefined });
  expect(heard.texts).toHaveLength(answers);
  const statuses = heard.texts.map((text) => (JSON.parse(text) as { status: number }).status);
  const posts = sent.reduce((sum, each) => sum + each.posts, 0);
  expect(statuses.filter((status) => status === 201)).toHaveLength(posts);
  for (const status of statuses) if (status !== 201) expect(refusals).toContain(status);
  expect(market.exchange.taken - before).toBe(posts);
  if (last !== undefined) {
    await socket.send(last.bytes);
    const { code, isSound } = await socket.closing();
    expect(isSound).toBe(true);
    expect([...Object.keys(closeCodeSays).map(Number), 1000, 3000, 4999]).toContain(code);
  }
  socket.close();
}

const refusals = [...new Set(Object.values(statusOf)), 200];

describe('frames that nobody ought to send', () => {
  beforeEach(async () => {
    market = await openMarket();
    ({ port, url } = await listen(market));
  });

  it('Frames that nobody ought to send are each answered, or end the WebSocket with a documented code; good ones among them are done once, and the server stays well', async () => {
    const cuts = fc.array(fc.nat(100_000), { maxLength: 5 });
    const some = fc.array(harmless, { maxLength: 12 });
    await fc.assert(fc.asyncProperty(some, fc.option(deadly, { nil: undefined }), cuts, tell), runs(200));
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'serving' });
    expect(market.logged.filter(({ level }) => level >= 50)).toEqual([]);
    await expect.poll(async () => (await fetch(`${url}/metrics`)).text()).toMatch(/^parley_sockets 0$/m);
  });
});
