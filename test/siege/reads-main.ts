/**
 * What steady posts of one participant suffer while another one reads lists as fast as it can, for one build or several, interleaved:
 *
 *   node dist/test/siege/reads-main.js [--rounds N] [--seconds N] [--readers N] [--path /v1/…] CLI…
 *
 * Each CLI is a compiled src/cli/main.js, with its name before it if wanted: `old=/tmp/old/dist/src/cli/main.js`.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keys, seed, type SiegeServer, startServer } from './reads-market.js';
import { type Latencies, postSteadily } from './reads-posts.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '8' },
    readers: { type: 'string', default: '64' },
    path: { type: 'string', default: '/v1/intentions?limit=1000' },
  },
});
const [rounds, seconds, readers] = [Number(values.rounds), Number(values.seconds), Number(values.readers)];
const RATE = 200;
const own = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const given = positionals.length === 0 ? [own] : positionals;
const builds = given.map((each) => {
  const [name = '', cli = name] = each.split('=');
  return { name, cli };
});

for (let round = 0; round < rounds; round++) {
  for (const { name, cli } of builds) {
    const server = await startServer(cli);
    try {
      await seed(server.url, 20_000);
      await postSteadily(server.url, RATE, 2, 'warm');
      tell(name, 'alone', await postSteadily(server.url, RATE, seconds, 'alone'));
      const reading = readersOf(server);
      const beside = await postSteadily(server.url, RATE, seconds, 'beside');
      tell(name, `${readers} readers`, beside, await reading.end());
    } finally {
      await server.end();
    }
  }
}

function readersOf({ url }: SiegeServer): { end(): Promise<string> } {
  const program = fileURLToPath(new URL('./reads-lists.js', import.meta.url));
  const reader = spawn(process.execPath, [program, `${url}${values.path}`, keys.greedy, String(readers)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  reader.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = new Promise((resolve) => reader.once('close', resolve));
  return {
    end: async () => {
      reader.stdin.end();
      await closed;
      return said.trim();
    },
  };
}

function tell(name: string, what: string, { count, failed, p50Ms, p99Ms, maxMs }: Latencies, besides = ''): void {
  const ms = [p50Ms, p99Ms, maxMs].map((each) => each.toFixed(1)).join(' / ');
  console.log(`${name} ${what}: ${count} posts, ${failed} failed, p50 / p99 / max ${ms} ms ${besides}`);
}
