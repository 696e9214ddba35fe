/**
 * A server whose Kafka goes away under it, in each way there is: killed, cut off, and black-holed. PARLEY_OUTAGE_S says for how many
 * seconds it stays killed; a minute is a fair dose.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalKafka, startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import { freePorts } from '../../../infra/kafka/local/ports.js';
import { shardOfSymbol } from '../../../src/cluster/shard-of.js';
import { built, jsonLines, parley } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { Cut } from '../../support/servers/cut.js';
import { kafkaClient } from '../../support/servers/kafka-client.js';
import { describeWith } from '../../support/needs/suite.js';

const KILLED_MS = 1_000 * Number(process.env.PARLEY_OUTAGE_S ?? 15);
const CUT_MS = 4_000;
/** Longer than a request is waited for, so that some are given up. */
const SILENT_MS = 9_000;
const NOTICED_MS = 9_000;
/** Some 5 s, and twice that after a broker's own start; more where tests share the processors. */
const BACK_MS = 15_000;
const SYMBOL = 'ACME';
const SHARDS = 2;
const SHARD = shardOfSymbol(SYMBOL, SHARDS);

await describeWith('local-kafka', 'a server whose Kafka goes away', () => {
  const folder = temporaryFolder();
  let kafka: LocalKafka;
  let way: Cut;
  let serving: Serving;
  let producer: Producer;
  const acknowledged = new Map<string, string>();
  const seen: string[] = [];
  const reading = new AbortController();

  const ready = async (): Promise<number> => (await fetch(`${serving.url}/health/ready`)).status;
  const post = async (clientIntentionId: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const body = intention(clientIntentionId);
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${serving.url}/v1/intentions`, init);
    const content = (await answer.json()) as Record<string, unknown>; // an intention or a problem
    if (answer.ok) acknowledged.set(clientIntentionId, String(content.id));
    return { status: answer.status, body: content };
  };
  const command = (clientIntentionId: string): Promise<unknown> =>
    producer.send({
      topic: 'parley.commands',
      messages: [{ key: SYMBOL, value: JSON.stringify(intention(clientIntentionId)) }],
    });

  beforeAll(async () => {
    await built();
    const [proxyPort = 0] = await freePorts(1);
    // A node that comes back is taken back once its former session has run out.
    const settings = { 'broker.session.timeout.ms': '1500' };
    kafka = await startLocalKafka({ proxyPorts: [proxyPort], settings });
    way = await Cut.open({ target: kafka.behindProxies[0] ?? '', port: proxyPort });
    const data = path.join(folder, 'data');
    serving = await Serving.start(
      '--log',
      'kafka',
      '--brokers',
      way.address,
      '--shards',
      String(SHARDS),
      '--data',
      data,
    );
    while ((await ready()) !== 200) await sleep(100);
    const listed = await serving.ask(['list', SYMBOL, '--tick-size', '1', '--lot-size', '1']);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    producer = kafkaClient(kafka.brokers).producer();
    await producer.connect();
    void readEvents(serving.url, seen, reading.signal);
  });

  afterAll(async () => {
    reading.abort();
    await producer.disconnect();
    await serving.end('SIGKILL');
    await way.close();
    await kafka.stop();
    removeFolder(folder);
  });

  /** What holds through every outage, however it comes about. */
  async function outage(
    name: string,
    begin: () => Promise<void>,
    lastsMs: number,
    end: () => Promise<void>,
  ): Promise<void> {
    expect((await post(`${name}-before`)).status).toBe(201);
    await begin();
    const begunMs = performance.now();
    const during = post(`${name}-during`);
    await expect.poll(ready, { timeout: NOTICED_MS, interval: 100 }).toBe(503);
    const health = await fetch(`${serving.url}/health/ready`);
    expect(await health.json()).toMatchObject({
      code: 'UNAVAILABLE',
      detail: expect.stringMatching(/registry|shard/) as string,
    });
    expect((await fetch(`${serving.url}/health/live`)).status).toBe(200);
    for (const route of ['/v1/intentions/1', `/v1/events?shard=${SHARD}`, '/v1/deals']) {
      const read = await fetch(`${serving.url}${route}`);
      expect([route, read.status, await read.json()]).toMatchObject([route, 503, { code: 'UNAVAILABLE' }]);
    }
    await sleep(Math.max(0, lastsMs - (performance.now() - begunMs)));
    await end();
    const refused = await during;
    if (refused.status !== 201) {
      expect(refused).toMatchObject({ status: 503, body: { code: 'SHARD_UNAVAILABLE' } });
      expect(refused.body.detail).toMatch(/unknown|nothing was carried out/);
    }
    await expect.poll(ready, { timeout: BACK_MS, interval: 100 }).toBe(200);
    await goesOn(name);
  }

  /** Posts, retries, commands from the topic, the query store and the feed. */
  async function goesOn(name: string): Promise<void> {
    expect([200, 201]).toContain((await post(`${name}-during`)).status);
    await command(`${name}-topic`);
    const after = await post(`${name}-after`);
    expect(after.status).toBe(201);
    const asked = await fetch(`${serving.url}/v1/intentions/${String(after.body.id)}`);
    expect(await asked.json()).toMatchObject({ clientIntentionId: `${name}-after`, status: 'open' });
    for (const part of ['before', 'during', 'topic', 'after'])
      await expect.poll(() => seen).toContain(`${name}-${part}`);
  }

  it('says so while its broker is dead, loses nothing, and serves by itself once the broker is back', () =>
    outage(
      'dead',
      () => kafka.node(1).kill(),
      KILLED_MS,
      () => kafka.node(1).start(),
    ));

  it('says so while its connections are cut, loses nothing, and serves by itself once there is a way again', () =>
    outage(
      'cut',
      () => way.cut(),
      CUT_MS,
      () => way.resume(),
    ));

  it('says so while nothing comes through, loses nothing, and serves by itself once something does', () =>
    outage(
      'silent',
      async () => way.stall(),
      SILENT_MS,
      () => way.resume(),
    ));

  it('has everything that it acknowledged in its log, once, and ends in order though the broker is silent', async () => {
    const ids = new Map<string, string>();
    for (const shard of ['0', '1']) {
      const where = ['--log', 'kafka', '--brokers', kafka.brokers.join(), '--shard', shard];
      expect((await parley(['audit', ...where])).code).toBe(0);
      const { stdout } = await parley(['log', 'cat', '--type', 'IntentionPosted', ...where]);
      for (const { clientIntentionId, intentionId } of jsonLines(stdout)) {
        const clientId = String(clientIntentionId);
        expect(ids.has(clientId), clientId).toBe(false);
        ids.set(clientId, String(intentionId));
      }
    }
    for (const [clientId, id] of acknowledged) expect([clientId, ids.get(clientId)]).toEqual([clientId, id]);
    way.stall();
    const startedMs = performance.now();
    expect(await serving.end()).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});

function intention(clientIntentionId: string): object {
  const terms = { side: 'buy', price: '5', quantity: '1' };
  return { clientIntentionId, participant: 'ann', instrument: SYMBOL, ...terms };
}

/** Follows the feed on one connection, and notes whose intentions were posted. */
async function readEvents(url: string, seen: string[], signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${url}/v1/events?shard=${SHARD}`, { signal });
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      // What a body consists of is not in its type.
      text += decoder.decode(bytes, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const found = /"clientIntentionId":"([^"]+)"/.exec(line)?.[1];
        if (found !== undefined) seen.push(found);
      }
    }
  } catch (error) {
    if (!signal.aborted) seen.push(`the feed broke: ${String(error)}`);
  }
}
