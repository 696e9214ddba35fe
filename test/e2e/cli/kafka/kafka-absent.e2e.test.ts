/** What the verbs say where the address that they are given is not that of a Kafka. No Kafka is needed for it. */
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { smallFlow } from '../../../support/cli/flows.js';
import { parley } from '../../../support/cli/parley.js';
import { commandLineFolder } from '../../../support/cli/suite.js';

/** Longer than a test may take: a process that ends has not waited for it. */
const HOUR_S = '3600';

const folder = commandLineFolder();
/** Every verb that opens a log. */
const verbs = {
  serve: ['serve', '--port', '0', '--data', path.join(folder, 'data')],
  run: ['run', '-'],
  audit: ['audit'],
  replay: ['replay'],
  'log stat': ['log', 'stat'],
} as const;

/** One line that names the address and says what to look at, and nothing else. */
async function mustSay(verb: keyof typeof verbs, broker: string, says: RegExp, patienceS = HOUR_S): Promise<void> {
  const kafka = ['--log', 'kafka', '--brokers', broker, '--patience', patienceS];
  const ran = await parley([...verbs[verb], ...kafka], { stdin: smallFlow });
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(/^error: Kafka at [^\n]+\n$/);
  expect(ran.stderr).toContain(`error: Kafka at ${broker}: `);
  expect(ran.stderr).toMatch(says);
}

describe('the command line where there is no Kafka', () => {
  const servers: net.Server[] = [];
  const listening = async (server: net.Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return `127.0.0.1:${(server.address() as net.AddressInfo).port}`; // it listens on TCP
  };

  afterAll(() => {
    for (const server of servers) server.close();
  });

  it.for(Object.keys(verbs) as (keyof typeof verbs)[])(
    'The command line where there is no Kafka ends with 1 and one line where nobody listens: %s',
    (verb) => mustSay(verb, '127.0.0.1:1', /nobody listens there: does Kafka run, and at this address\?/),
  );

  it('The command line where there is no Kafka ends with 1 and one line for a host that nobody knows', () =>
    mustSay('audit', 'no-such-host.invalid:9092', /there is no host of that name|cannot be looked up/));

  it('The command line where there is no Kafka ends with 1 and one line where something else listens', async () => {
    const web = await listening(http.createServer((_request, response) => response.end('hello')));
    await mustSay('log stat', web, /it ends the connection: is it Kafka/);
  });

  it('The command line where there is no Kafka ends with 1 and one line where nobody ever answers', async () => {
    const held = new Set<net.Socket>();
    const silent = await listening(net.createServer((socket) => held.add(socket.on('error', () => undefined))));
    onTestFinished(() => {
      for (const socket of held) socket.destroy();
    });
    const says = /no answer within 1 s: is it Kafka that listens there/;
    await Promise.all([mustSay('log stat', silent, says, '1'), mustSay('serve', silent, says, '1')]);
    expect(held.size).toBeGreaterThanOrEqual(2);
  });
});
