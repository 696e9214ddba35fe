/**
 * A server whose Kafka goes away under it, in each way there is: killed, cut off, and black-holed. An outage lasts until the server has
 * shown what it has to. PARLEY_OUTAGE_S says for how many seconds at least; a minute is a fair dose.
 */
import path from 'node:path';
import type { Producer } from 'kafkajs';
import { afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type LocalKafka, startLocalKafka } from '../../../../infra/kafka/local/local-kafka.js';
import { freePorts } from '../../../../infra/kafka/local/ports.js';
import { shardOfSymbol } from '../../../../src/cluster/shard-of.js';
import { jsonLines, parley } from '../../../support/cli/parley.js';
import { Serving } from '../../../support/cli/serving.js';
import { commandLineFolder } from '../../../support/cli/suite.js';
import { describeWith } from '../../../support/needs/suite.js';
import { Cut } from '../../../support/servers/cut.js';
import { kafkaClient } from '../../../support/servers/kafka-client.js';
import { PROGRAM_PATIENCE_MS } from '../../../support/patience.js';
import { whenSuiteIsOver } from '../../../support/when-over.js';

const DOSE_MS = 1_000 * Number(process.env.PARLEY_OUTAGE_S ?? 0);
/** The server's own: requests that a silent broker does not answer are given up soon. */
const LITTLE = ['--patience', '6'];
const ENDLESS = ['--patience', '3600'];
const SYMBOL = 'ACME';
const SHARDS = 2;
const SHARD = shardOfSymbol(SYMBOL, SHARDS);

interface Outage {
  readonly name: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
  /** It lasts until the server has given up a post, which may be carried out otherwise. */
  readonly isLong: boolean;
  readonly patience?: readonly string[];
}

interface Posted {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

await describeWith('local-kafka', 'a server whose Kafka goes away', () => {
  const folder = commandLineFolder();
  const whenOver = whenSuiteIsOver();
  let kafka: LocalKafka;
  let way: Cut;
  let producer: Producer;
  let serving: Serving;
  let topic: string;
  let acknowledged: Map<string, string>;
  const seen: string[] = [];

  const ready = async (): Promise<number> => (await fetch(`${serving.url}/health/ready`)).status;
  const post = async (clientIntentionId: string): Promise<Posted> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(intention(clientIntentionId)) };
    const answer = await fetch(`${serving.url}/v1/intentions`, init);
    const body = (await answer.json()) as Posted['body']; // an intention or a problem
    if (answer.ok) acknowledged.set(clientIntentionId, String(body.id));
    return { status: answer.status, body };
  };
  /** Posts it, as clients do, until it is acknowledged. */
  const mustBePosted = async (clientIntentionId: string): Promise<void> => {
    await expect.poll(async () => (await post(clientIntentionId)).status).toBeOneOf([200, 201]);
  };
  const command = (clientIntentionId: string): Promise<unknown> =>
    producer.send({
      topic: `${topic}.commands`,
      messages: [{ key: SYMBOL, value: JSON.stringify(intention(clientIntentionId)) }],
    });

  beforeAll(async () => {
    const [proxyPort = 0] = await freePorts(1);
    kafka = await startLocalKafka({ proxyPorts: [proxyPort] });
    whenOver(() => kafka.stop());
    way = await Cut.open({ target: kafka.behindProxies[0] ?? '', port: proxyPort });
    whenOver(() => way.close());
    producer = kafkaClient(kafka.brokers, undefined, Number.MAX_SAFE_INTEGER).producer();
    await producer.connect();
    whenOver(() => producer.disconnect());
  });
  afterEach(async () => {
    if (!kafka.isRunning) await kafka.start();
    await way.resume();
  });

  /** A server with a market of its own, ready to be asked. */
  async function serve(name: string, patience: readonly string[]): Promise<void> {
    topic = name;
    acknowledged = new Map();
    const where = ['--log', 'kafka', '--brokers', way.address, '--topic', topic, '--shards', String(SHARDS)];
    const start = (): Promise<Serving> => Serving.start(...where, '--data', path.join(folder, name), ...patience);
    // With little patience it gives up where the broker stands still just then.
    await expect.poll(async () => (serving = await start()).url).toContain('http');
    await expect.poll(ready).toBe(200);
    const list = ['list', SYMBOL, '--tick-size', '1', '--lot-size', '1'];
    await expect.poll(() => serving.ask(list)).toMatchObject({ code: 0, stderr: '' });
  }

  /** What holds through every outage, however it comes about. */
  async function outage({ name, begin, end, isLong, patience = ENDLESS }: Outage): Promise<void> {
    await serve(name, patience);
    const reading = new AbortController();
    onTestFinished(() => reading.abort());
    const feed = await openFeed(reading.signal);
    void readEvents(feed, seen, reading.signal);
    await mustBePosted(`${name}-before`);
    await begin();
    const fromMs = Date.now();
    const during = post(`${name}-during`);
    const readiness = async (): Promise<unknown> => (await fetch(`${serving.url}/health/ready`)).json();
    await expect.poll(readiness).toMatchObject({
      code: 'UNAVAILABLE',
      detail: expect.stringMatching(/registry|shard/) as string,
    });
    expect(await ready()).toBe(503);
    expect((await fetch(`${serving.url}/health/live`)).status).toBe(200);
    for (const route of ['/v1/intentions/1', `/v1/events?shard=${SHARD}`, '/v1/deals']) {
      const read = await fetch(`${serving.url}${route}`);
      expect([route, read.status, await read.json()]).toMatchObject([route, 503, { code: 'UNAVAILABLE' }]);
    }
    if (isLong) mustBeRefused(await during);
    await expect.poll(() => Date.now() - fromMs).toBeGreaterThanOrEqual(DOSE_MS);
    await end();
    const answer = await during;
    if (answer.status !== 201) mustBeRefused(answer);
    await expect.poll(ready).toBe(200);
    await goesOn(name);
    await mustBeInTheLog();
  }

  async function openFeed(signal: AbortSignal): Promise<Response> {
    let feed: Response | undefined;
    const open = async (): Promise<number> => {
      feed = await fetch(`${serving.url}/v1/events?shard=${SHARD}`, { signal });
      return feed.status;
    };
    await expect.poll(open).toBe(200);
    return feed as Response; // it is there by now
  }

  function mustBeRefused({ status, body }: Posted): void {
    expect({ status, body }).toMatchObject({ status: 503, body: { code: 'SHARD_UNAVAILABLE' } });
    expect(body.detail).toMatch(/unknown|nothing was carried out/);
  }

  /** Posts, retries, commands from the topic, the query store and the feed. */
  async function goesOn(name: string): Promise<void> {
    await mustBePosted(`${name}-during`);
    await command(`${name}-topic`);
    await mustBePosted(`${name}-after`);
    const asked = async (): Promise<unknown> => {
      const id = acknowledged.get(`${name}-after`) ?? '';
      return (await fetch(`${serving.url}/v1/intentions/${id}`)).json();
    };
    await expect.poll(asked).toMatchObject({ clientIntentionId: `${name}-after`, status: 'open' });
    for (const part of ['before', 'during', 'topic', 'after'])
      await expect.poll(() => seen).toContain(`${name}-${part}`);
  }

  /** Everything that was acknowledged, once. */
  async function mustBeInTheLog(): Promise<void> {
    const ids = new Map<string, string>();
    for (const shard of ['0', '1']) {
      const where = ['--log', 'kafka', '--brokers', kafka.brokers.join(','), '--topic', topic, '--shard', shard];
      expect((await parley(['audit', ...where])).code).toBe(0);
      const { stdout } = await parley(['log', 'cat', '--type', 'IntentionPosted', ...where]);
      for (const { clientIntentionId, intentionId } of jsonLines(stdout)) {
        const clientId = String(clientIntentionId);
        expect(ids.has(clientId), clientId).toBe(false);
        ids.set(clientId, String(intentionId));
      }
    }
    expect(acknowledged.size).toBeGreaterThan(0);
    for (const [clientId, id] of acknowledged) expect([clientId, ids.get(clientId)]).toEqual([clientId, id]);
  }

  it(
    'A server whose Kafka goes away says so while its broker is dead, loses nothing, and serves by itself once the broker is back',
    () => outage({ name: 'dead', begin: () => kafka.node(1).kill(), end: () => kafka.node(1).start(), isLong: true }),
    PROGRAM_PATIENCE_MS,
  );

  it(
    'A server whose Kafka goes away says so while its connections are cut, loses nothing, and serves by itself once there is a way again',
    () => outage({ name: 'cut', begin: () => way.cut(), end: () => way.resume(), isLong: false }),
    PROGRAM_PATIENCE_MS,
  );

  it(
    'A server whose Kafka goes away says so while nothing comes through, loses nothing, and serves by itself once something does',
    () => {
      const begin = async (): Promise<void> => way.stall();
      return outage({ name: 'silent', begin, end: () => way.resume(), isLong: true, patience: LITTLE });
    },
    PROGRAM_PATIENCE_MS,
  );

  it('A server whose Kafka goes away has everything that it acknowledged in its log, once, and ends in order though the broker is silent', async () => {
    await serve('ending', ENDLESS);
    for (const name of ['one', 'two']) await mustBePosted(name);
    await mustBeInTheLog();
    way.stall();
    expect(await serving.end()).toBe(0);
  });
});

function intention(clientIntentionId: string): object {
  const terms = { side: 'buy', price: '5', quantity: '1' };
  return { clientIntentionId, participant: 'ann', instrument: SYMBOL, ...terms };
}

/** Follows a feed, and notes whose intentions were posted. */
async function readEvents({ body }: Response, seen: string[], signal: AbortSignal): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
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
