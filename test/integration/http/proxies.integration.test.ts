import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../../../infra/kafka/local/ports.js';
import { ParleyClient, signerOf } from '../../../src/client/index.js';
import { fencesOf } from '../../doc-blocks/fences.js';
import { post } from '../../support/http/client.js';
import { as, keyFile } from '../../support/http/key-file.js';
import { aPost, listen, openMarket } from '../../support/http/market.js';
import { newPair } from '../../support/http/signing.js';
import { SocketProgram } from '../../support/http/sockets/socket-program.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';
import { until } from '../../support/patience.js';

const page = readFileSync(path.join(import.meta.dirname, '../../../docs/start/in-production.md'), 'utf8');

interface Place {
  /** Where the exchange listens, and where the proxy is to. */
  readonly exchange: number;
  readonly port: number;
  readonly folder: string;
}

interface Proxy {
  /** What the documents say, but for what this machine lacks: a certificate, the name, and other users' folders. */
  readonly settings: (documented: string, place: Place) => string;
  readonly run: (file: string, folder: string) => readonly [command: string, ...args: string[]];
}

const proxies: Readonly<Record<'nginx' | 'caddy', Proxy>> = {
  nginx: {
    settings: (documented, { exchange, port, folder }) => {
      const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const own = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
      return documented
        .replace(/^ *ssl_certificate.*\n/gm, '')
        .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
        .replace('127.0.0.1:7070', `127.0.0.1:${exchange}`)
        .replace('http {', `http { access_log off; ${own}`);
    },
    run: (file, folder) => {
      const global = `daemon off; master_process off; pid ${folder}/pid; error_log stderr;`;
      return ['nginx', '-p', folder, '-e', 'stderr', '-g', global, '-c', file];
    },
  },
  caddy: {
    settings: (documented, { exchange, port }) => {
      const named = documented.replace('exchange.example', `http://127.0.0.1:${port}`);
      return `{\n  admin off\n}\n${named.replace('127.0.0.1:7070', `127.0.0.1:${exchange}`)}`;
    },
    run: (file) => ['caddy', 'run', '--config', file, '--adapter', 'caddyfile'],
  },
};

/** The proxy of the documents before a server, until the test is over; gives its address. */
async function proxyBefore(exchange: number, name: keyof typeof proxies): Promise<string> {
  const documented = fencesOf(page).find(({ language }) => language === name)?.text ?? '';
  const [port = 0] = await freePorts(1);
  const folder = temporaryFolder();
  const file = path.join(folder, 'settings');
  const { settings, run } = proxies[name];
  writeFileSync(file, settings(documented, { exchange, port, folder }));
  const [command, ...args] = run(file, folder);
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const proxy = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let said = '';
  proxy.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  onTestFinished(async () => {
    const gone = once(proxy, 'close');
    if (proxy.exitCode === null && proxy.kill('SIGKILL')) await gone;
    removeFolder(folder);
  });
  const url = `http://127.0.0.1:${port}`;
  await until('the proxy answers', async () => {
    if (proxy.exitCode !== null) throw new Error(`${name} ended: ${said}`);
    return fetch(`${url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  return url;
}

for (const name of ['nginx', 'caddy'] as const) {
  await describeWith(name, `the documented ${name}`, () => {
    it(`A WebSocket through the documented ${name} carries commands, their answers and subscriptions`, async () => {
      const { port } = await listen(await openMarket(), { keyFile: await keyFile() });
      const url = await proxyBefore(port, name);
      const alice = await SocketProgram.open(url, { ...as.alice, origin: url });
      expect(await alice.ask({ id: 1, subscribe: { channel: 'book', instrument: 'ACME' } })).toMatchObject({ id: 1 });
      const { participant: _, ...own } = aPost();
      alice.send({ id: 2, command: own });
      await until('the answer and the diff came', () => alice.said.some(({ type }) => type === 'diff'));
      expect(alice.said).toContainEqual(expect.objectContaining({ id: 2, status: 201 }));
      await expect(SocketProgram.open(url, { authorization: 'Bearer none' })).rejects.toThrow(/^401 .*UNAUTHENTICATED/);
    });

    it(`A stream through the documented ${name} tells what happens when it happens`, async () => {
      const { port } = await listen(await openMarket(), { keyFile: await keyFile() });
      const url = await proxyBefore(port, name);
      const client = new ParleyClient({ url, key: 'alices-key' });
      const stream = client.ownStream({ after: 0 });
      onTestFinished(async () => {
        await stream.return(undefined);
      });
      for (const clientIntentionId of ['s-1', 's-2', 's-3']) {
        await client.postIntention(post(clientIntentionId));
        expect((await stream.next()).value).toMatchObject({ type: 'posted', clientIntentionId });
      }
    });

    it(`A request that is signed is taken through the documented ${name}, and metrics are not told`, async () => {
      const pair = newPair();
      const keys = await keyFile({ keys: [{ publicKey: pair.publicKey, participant: 'alice' }] });
      const { port } = await listen(await openMarket(), { keyFile: keys });
      const url = await proxyBefore(port, name);
      const pem = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const client = new ParleyClient({ url, sign: await signerOf(pem) });
      expect(await client.postIntention(post('a'))).toMatchObject({ participant: 'alice' });
      expect(await client.intentions({ instrument: 'ACME' })).toHaveLength(1);
      expect((await fetch(`${url}/metrics`)).status).toBe(403);
    });
  });
}

await describeWith('nginx', 'a stream of posts', () => {
  it('A stream of posts through the documented nginx is answered while it goes on', async () => {
    const { port } = await listen(await openMarket());
    const client = new ParleyClient({ url: await proxyBefore(port, 'nginx') });
    let answer: (value?: unknown) => void = () => undefined;
    async function* oneAfterTheOther() {
      for (let count = 0; count < 3; count++) {
        const answered = new Promise((resolve) => (answer = resolve));
        yield post(`s-${count}`);
        await answered; // what is held up on its way has none
      }
    }
    const taken: boolean[] = [];
    for await (const { ok } of client.postIntentions(oneAfterTheOther())) {
      taken.push(ok);
      answer();
    }
    expect(taken).toEqual([true, true, true]);
  });
});
