/** What the verbs say, and how soon, where the address that they are given is not that of a Kafka. No Kafka is needed for it. */
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallFlow } from '../../support/cli/flows.js';
import { built, parley, type Ran } from '../../support/cli/parley.js';
import { temporaryFolder } from '../../support/log/temporary-folder.js';

/** The longest that a verb may take to say that nobody answers; starting takes a part of it. */
const SOON_MS = 10_000;

const folder = temporaryFolder();
/** Every verb that opens a log. */
const verbs = {
  serve: ['serve', '--port', '0', '--data', path.join(folder, 'data')],
  run: ['run', '-'],
  audit: ['audit'],
  replay: ['replay'],
  'log stat': ['log', 'stat'],
} as const;

async function ask(verb: keyof typeof verbs, broker: string): Promise<Ran & { readonly tookMs: number }> {
  const startedMs = performance.now();
  const ran = await parley([...verbs[verb], '--log', 'kafka', '--brokers', broker], { stdin: smallFlow });
  return { ...ran, tookMs: performance.now() - startedMs };
}

/** One line that names the address and says what to look at, and nothing else. */
async function mustSay(verb: keyof typeof verbs, broker: string, says: RegExp): Promise<void> {
  const { tookMs, ...ran } = await ask(verb, broker);
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(/^error: Kafka at [^\n]+\n$/);
  expect(ran.stderr).toContain(`error: Kafka at ${broker}: `);
  expect(ran.stderr).toMatch(says);
  expect(tookMs).toBeLessThan(SOON_MS);
}

describe('the command line where there is no Kafka', () => {
  const servers: net.Server[] = [];
  const listening = async (server: net.Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return `127.0.0.1:${(server.address() as net.AddressInfo).port}`; // it listens on TCP
  };

  beforeAll(built);
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it.for(Object.keys(verbs) as (keyof typeof verbs)[])('ends with 1 and one line where nobody listens: %s', (verb) =>
    mustSay(verb, '127.0.0.1:1', /nobody listens there: does Kafka run, and at this address\?/),
  );

  it('ends with 1 and one line for a host that nobody knows', () =>
    mustSay('audit', 'no-such-host.invalid:9092', /there is no host of that name|cannot be looked up/));

  it('ends with 1 and one line where something else listens', async () => {
    const web = await listening(http.createServer((_request, response) => response.end('hello')));
    await mustSay('log stat', web, /it ends the connection: is it Kafka/);
  });

  it('ends with 1 and one line where nobody ever answers', async () => {
    const held = new Set<net.Socket>();
    const silent = await listening(net.createServer((socket) => held.add(socket.on('error', () => undefined))));
    const says = /no answer within 6 s: is it Kafka that listens there/;
    await Promise.all([mustSay('log stat', silent, says), mustSay('serve', silent, says)]);
    for (const socket of held) socket.destroy();
  });
});
