import { writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { ParleyClient, type PostAnswer, signerOf } from '../../../../src/client/index.js';
import type { RunningServer } from '../../../../src/server/server.js';
import { post, retry } from '../../../support/http/client.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, type Market, openMarket } from '../../../support/http/market.js';
import { digestField, newPair, type Pair, signed, type ToSign } from '../../../support/http/signing.js';
import { PATIENCE_MS } from '../../../support/patience.js';

const ndjson = 'application/x-ndjson';

let market: Market;
let file: string;
let server: RunningServer;
let alice: Pair;
let bot: Pair;
let watcher: Pair;
beforeEach(async () => {
  [alice, bot, watcher] = [newPair(), newPair(), newPair()];
  file = await keyFile(content());
  market = await openMarket();
  server = await listen(market, { keyFile: file });
});

function content(): { readonly keys: readonly object[] } {
  return {
    keys: [
      { publicKey: alice.pem, participant: 'alice' },
      { publicKey: bot.publicKey, role: 'operator', rate: 1_000, burst: 900 },
      { publicKey: watcher.publicKey, role: 'market-data' },
      { key: 'bobs-long-key', participant: 'bob' },
    ],
  };
}

interface Sending {
  readonly method?: string;
  readonly target?: string;
  readonly body?: string;
  readonly type?: string;
  /** What is sent beside what was signed, or instead of it. */
  readonly instead?: { readonly body?: string; readonly headers?: Record<string, string> };
  readonly sign?: Partial<ToSign>;
}

function send(by: Pair, { method, target = '/v1/intentions', body, type, instead = {}, sign = {} }: Sending) {
  const verb = method ?? (body === undefined ? 'GET' : 'POST');
  const { host: authority } = new URL(server.url);
  const createdS = Math.floor(Date.now() / 1_000);
  const fields = signed(by, { method: verb, authority, target, body, createdS, ...sign });
  const headers = { ...fields, ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }) };
  const sent = instead.body ?? body;
  return fetch(`${server.url}${target}`, {
    ...{ method: verb, headers: { ...headers, ...instead.headers } },
    ...(sent === undefined ? {} : { body: sent }),
  });
}

async function codeOf(answer: Promise<Response>): Promise<readonly [status: number, code: string | undefined]> {
  const response = await answer;
  const text = await response.text();
  return [response.status, /"code":"(\w+)"/.exec(text)?.[1]];
}

const aBody = (fields: object = {}): string => JSON.stringify({ ...aPost(), ...fields });

describe('a signed request', () => {
  it('A signed request is its participant’s, as one with a key would be', async () => {
    const body = JSON.stringify({ ...aPost(), participant: undefined });
    const answer = await send(alice, { body });
    expect([answer.status, await answer.json()]).toMatchObject([201, { participant: 'alice' }]);
    expect(await codeOf(send(alice, { body: aBody({ participant: 'bob' }) }))).toEqual([403, 'FORBIDDEN']);
    const own = await send(alice, { target: '/v1/intentions?status=open' });
    expect(await own.json()).toMatchObject({ intentions: [{ participant: 'alice' }] });
  });

  it('A signed request may do what the role of its key may, and no more', async () => {
    expect((await send(watcher, { target: '/v1/book/ACME' })).status).toBe(200);
    expect(await codeOf(send(watcher, { body: aBody() }))).toEqual([403, 'FORBIDDEN']);
    const uncross = { method: 'POST', target: '/v1/instruments/ACME/phase', body: '{"phase":"call"}' };
    expect((await send(bot, uncross)).status).toBe(200);
  });

  it('A signed request whose body was changed on the way is refused before anything is done', async () => {
    const body = aBody();
    const instead = { body: body.replace('"10.25"', '"99.25"') };
    expect(await codeOf(send(alice, { body, instead }))).toEqual([400, 'DIGEST_MISMATCH']);
    const headers = { 'content-digest': digestField(instead.body) };
    expect(await codeOf(send(alice, { body, instead: { ...instead, headers } }))).toEqual([401, 'SIGNATURE_INVALID']);
    expect(await codeOf(send(alice, { body, instead: { body: '' } }))).toEqual([400, 'DIGEST_MISMATCH']);
    expect(market.exchange.taken).toBe(0);
  });

  it('A signed request whose body is no JSON, but what was signed, is told that', async () => {
    expect(await codeOf(send(alice, { body: '{' }))).toEqual([400, 'MALFORMED_JSON']);
  });

  it('A signed request that is sent again within the window is answered as the first, and is one intention', async () => {
    const sending = { body: aBody(), sign: { createdS: Math.floor(Date.now() / 1_000) } };
    const [first, again] = [await send(alice, sending), await send(alice, sending)];
    expect([again.status, await again.text()]).toEqual([first.status, await first.text()]);
    expect(
      ((await (await send(alice, { target: '/v1/intentions' })).json()) as { intentions: [] }).intentions,
    ).toHaveLength(1);
  });

  it('A signed request that is too old, or from the future, is refused with a code of its own, and the window can be set', async () => {
    const nowS = Math.floor(Date.now() / 1_000);
    for (const createdS of [nowS - 3_600, nowS + 3_600])
      expect(await codeOf(send(alice, { body: aBody(), sign: { createdS } }))).toEqual([401, 'SIGNATURE_EXPIRED']);
    server = await listen(market, { keyFile: file, signatureWindowMs: 7_200_000 });
    expect((await send(alice, { body: aBody(), sign: { createdS: nowS - 3_600 } })).status).toBe(201);
  });

  it('A signed request by a key that is not in the file is refused, as is one without its public half’s owner', async () => {
    expect(await codeOf(send(newPair(), { body: aBody() }))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf(send(newPair(), { body: aBody(), sign: { keyid: alice.id } }))).toEqual([
      401,
      'SIGNATURE_INVALID',
    ]);
    expect(market.exchange.taken).toBe(0);
  });

  it('A signed request that shows a key too is that key’s', async () => {
    const instead = { headers: as.bob };
    const answer = await send(alice, { body: JSON.stringify({ ...aPost(), participant: undefined }), instead });
    expect(await answer.json()).toMatchObject({ participant: 'bob' });
  });

  it('A signed request counts against the rate of its key, and one that only claims to be signed does not', async () => {
    for (let count = 0; count < 5; count++) await send(newPair(), { target: '/v1/book/ACME', sign: { keyid: bot.id } });
    const answer = await send(bot, { target: '/v1/book/ACME' });
    expect(answer.headers.get('ratelimit-policy')).toBe('"requests";q=900;w=1');
    expect(answer.headers.get('ratelimit')).toMatch(/r=899;/);
  });

  it('A signed request is taken without keys as any other, and its signature is not looked at', async () => {
    server = await listen(await openMarket());
    const instead = { headers: { signature: 'nothing' } };
    expect((await send(alice, { body: aBody(), instead })).status).toBe(201);
  });
});

describe('what is public of a key', () => {
  it('What is public of a key lets nobody in who sends it as a key', async () => {
    const raw = Buffer.from(alice.publicKey, 'base64');
    for (const text of [alice.publicKey, alice.id, raw.toString('hex'), raw.toString('base64url')]) {
      const headers = { authorization: `Bearer ${text}` };
      expect((await fetch(`${server.url}/v1/instruments`, { headers })).status).toBe(401);
    }
  });
});

describe('a signed stream of posts', () => {
  const lines = (count: number): string => Array.from({ length: count }, () => `${aBody()}\n`).join('');

  it('A signed stream of posts is held against its digest as a whole, and then answered line by line', async () => {
    const answer = await send(alice, { body: lines(40), type: ndjson });
    expect([answer.status, (await answer.text()).match(/"status":201/g)]).toEqual([
      200,
      Array(40).fill('"status":201'),
    ]);
  });

  it('A signed stream of posts of which one letter was changed is refused whole, and no line of it is posted', async () => {
    const body = lines(40);
    const instead = { body: body.replace(/"10\.25"(?![\s\S]*"10\.25")/, '"10.26"') };
    expect(await codeOf(send(alice, { body, type: ndjson, instead }))).toEqual([400, 'DIGEST_MISMATCH']);
    expect(market.exchange.taken).toBe(0);
  });

  it('A signed stream of posts without a digest, or too long to be kept, is refused, and no line of it is posted', async () => {
    const covered = ['@method', '@authority', '@path', '@query'];
    expect(await codeOf(send(alice, { body: lines(1), type: ndjson, sign: { covered } }))).toEqual([
      401,
      'SIGNATURE_INVALID',
    ]);
    expect(await codeOf(send(alice, { body: lines(600), type: ndjson }))).toEqual([413, 'BODY_TOO_LARGE']);
    expect(market.exchange.taken).toBe(0);
  });
});

describe('a public key that is taken out of the file', () => {
  it('A public key that is taken out of the file lets nobody in any more, and ends what is open by it', async () => {
    const feed = await send(bot, { target: '/v1/events' });
    expect(feed.status).toBe(200);
    await writeFile(file, JSON.stringify({ keys: content().keys.filter((_key, at) => at !== 1) }));
    expect(await server.reloadKeys()).toMatchObject({ keys: 3, revoked: [bot.id], added: [] });
    expect(await feed.text().catch((error: unknown) => String(error))).toMatch(/taken back|terminated/);
    expect(await codeOf(send(bot, { target: '/v1/book/ACME' }))).toEqual([401, 'UNAUTHENTICATED']);
    expect((await send(alice, { target: '/v1/book/ACME' })).status).toBe(200);
  });

  it('A public key that stays in the file keeps what it has open, whatever else is read again', async () => {
    const feed = await send(bot, { target: '/v1/events' });
    const { keys } = content();
    await writeFile(
      file,
      JSON.stringify({
        keys: [...keys.map((key) => ({ ...key, weight: 2 })), { key: 'another-key', role: 'auditor' }],
      }),
    );
    expect(await server.reloadKeys()).toMatchObject({ keys: 5, revoked: [] });
    await send(alice, { body: aBody() });
    const reader = feed.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('IntentionPosted')) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();
  });
});

describe('the client with a private key', () => {
  const clientOf = async ({ privateKey }: Pair): Promise<ParleyClient> => {
    const sign = await signerOf(String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    return new ParleyClient({ url: server.url, sign, retry, timeoutMs: PATIENCE_MS });
  };

  it('The client with a private key signs what it sends: posts, changes, reads with a query', async () => {
    const client = await clientOf(alice);
    const { id } = await client.postIntention(post('s-1'));
    await client.reduce(id, '10');
    await client.withdraw(id);
    const [intention] = await client.intentions({ status: 'withdrawn', limit: 5 });
    expect(intention).toMatchObject({ id, status: 'withdrawn', participant: 'alice' });
    expect((await client.book('ACME', { depth: 3 })).instrument).toBe('ACME');
  });

  it('The client with a private key posts many in signed pieces, and gets an answer to each, in order', async () => {
    const client = await clientOf(alice);
    const many = Array.from({ length: 700 }, (_, index) => post(`many-${index}`));
    const answers: PostAnswer[] = [];
    for await (const answer of client.postIntentions(many)) answers.push(answer);
    expect(answers.map((answer) => answer.ok && answer.intention.clientIntentionId)).toEqual(
      many.map(({ clientIntentionId }) => clientIntentionId),
    );
  });

  it('The client with a private key follows the events', async () => {
    const client = await clientOf(bot);
    await client.postIntention(post('e-1'));
    for await (const event of client.events({ from: 0, type: 'IntentionPosted' })) {
      expect(event.clientIntentionId).toBe('e-1');
      break;
    }
  });

  it('The client with a private key knows the id that the key file has of it', async () => {
    const { privateKey, id } = alice;
    const signer = await signerOf(String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    expect(signer.keyId).toBe(id);
  });
});
