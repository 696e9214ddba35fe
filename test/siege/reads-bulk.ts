/**
 * How fast posts are taken in bulk, how far the projections fall behind meanwhile, and how long they take to come after, for one build or
 * several, interleaved:
 *
 *   node dist/test/siege/reads-bulk.js [--rounds N] [--seconds N] [--streams N] [--readers N] CLI…
 *
 * With readers, another participant asks for a short list over and over.
 */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { keys, post, seed, startServer } from './reads-market.js';
import { summaryOf } from './reads-posts.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '8' },
    streams: { type: 'string', default: '4' },
    readers: { type: 'string', default: '0' },
    serve: { type: 'string', multiple: true, default: [] },
  },
});
const LINES = 5_000;
const LOOK_EACH_MS = 250;

for (let round = 0; round < Number(values.rounds); round++) {
  for (const each of positionals) {
    const [name = '', cli = name] = each.split('=');
    console.log(`${name}: ${await trial(cli)}`);
  }
}

async function trial(cli: string): Promise<string> {
  const server = await startServer(cli, values.serve);
  try {
    await seed(server.url, 1_000);
    const untilMs = performance.now() + 1_000 * Number(values.seconds);
    const isOver = (): boolean => performance.now() >= untilMs;
    const watch = watchLag(server.url);
    const agent = new Agent({ keepAlive: true });
    const reads = Array.from({ length: Number(values.readers) }, () => readOn(server.url, agent, isOver));
    const posted = await Promise.all(
      Array.from({ length: Number(values.streams) }, (_, stream) => postOn(server.url, agent, stream, isOver)),
    );
    const total = posted.reduce((sum, one) => sum + one, 0);
    const read = (await Promise.all(reads)).flat();
    const [mostLag, recoveryMs] = await watch.end();
    agent.destroy();
    const refused = read.filter(({ status }) => status !== 200).length;
    const { p50Ms, p99Ms } = summaryOf(read.map(({ tookMs }) => tookMs));
    const reading =
      read.length === 0
        ? ''
        : `, ${read.length} reads, ${refused} refused, p50 / p99 ${p50Ms.toFixed(0)} / ${p99Ms.toFixed(0)} ms`;
    const rate = Math.round(total / Number(values.seconds));
    return `${rate} posts/s, lag up to ${mostLag} events, gone ${Math.round(recoveryMs)} ms after${reading}`;
  } finally {
    await server.end();
  }
}

async function postOn(url: string, agent: Agent, stream: number, isOver: () => boolean): Promise<number> {
  let done = 0;
  for (let batch = 0; !isOver(); batch++) {
    const lines = Array.from({ length: LINES }, (_, index) => post('greedy', `b-${stream}-${batch}-${index}`, '1.00'));
    await sendFor(url, '/v1/intentions', agent, keys.greedy, lines.join('\n'));
    if (!isOver()) done += LINES;
  }
  return done;
}

async function readOn(url: string, agent: Agent, isOver: () => boolean): Promise<{ status: number; tookMs: number }[]> {
  const reads: { status: number; tookMs: number }[] = [];
  while (!isOver()) {
    const startMs = performance.now();
    const { status } = await sendFor(url, '/v1/deals?limit=10', agent, keys.modest);
    reads.push({ status, tookMs: performance.now() - startMs });
    await delay(LOOK_EACH_MS);
  }
  return reads;
}

function watchLag(url: string): { end(): Promise<[most: number, recoveryMs: number]> } {
  const agent = new Agent({ keepAlive: true });
  let most = 0;
  const over = new AbortController();
  const lag = async (): Promise<number> => {
    const { text } = await sendFor(url, '/metrics', agent, keys.operator);
    return Number(/^parley_projection_lag_events\{.*\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      most = Math.max(most, await lag());
      await delay(LOOK_EACH_MS);
    }
  })();
  return {
    end: async () => {
      over.abort();
      await watching;
      const startMs = performance.now();
      while ((await lag()) > 1_000) await delay(LOOK_EACH_MS / 5);
      agent.destroy();
      return [most, performance.now() - startMs];
    },
  };
}

function sendFor(
  url: string,
  where: string,
  agent: Agent,
  key: string,
  body?: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/x-ndjson' }),
    };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request(`${url}${where}`, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        if (body === undefined) chunks.push(chunk);
      });
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
