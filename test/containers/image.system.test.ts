/** The image, built from the checkout's Dockerfile by the engine that is here, and run as infra/deploy runs it. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ParleyClient } from '../../src/client/index.js';
import { checkout, textOf } from '../support/deploy/files.js';
import { buildImage, copyContext, dockerRan, inspected, layersOf, removeBuilt } from '../support/deploy/image.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { describeWith } from '../support/needs/suite.js';
import { docker } from '../support/containers/docker.js';
import { packagesOfImage, packagesOfPage } from '../support/package/locked-packages.js';
import { PATIENCE_MS, PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const PREFIX = `parley-image-test-${process.pid}`;
const IMAGE = `${PREFIX}:built`;
const REBUILT = `${PREFIX}:rebuilt`;
/** `docker image inspect --format {{.Size}}` of the image, less that of the Node that it stands on: 41.9 MB. */
const MOST_BYTES = 46_000_000;
const MOST_TO_STOP_MS = 2_000;
const REVISION = '0123456789abcdef0123456789abcdef01234567';
const SOURCE = 'https://code.example/parley';

/** As infra/deploy/compose.yaml and the manifests have it; and a shell, if one were started, would not be found to be a program. */
const CONFINED = [
  ...['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ...['--volume', '/dev/null:/bin/sh:ro', '--volume', '/dev/null:/bin/bash:ro'],
];
/** The check of the image itself, more often. */
const CHECKED_OFTEN = ['--health-interval', '1s', '--health-retries', '1'];

const { version, description, license } = JSON.parse(textOf('package.json')) as {
  readonly version: string;
  readonly description: string;
  readonly license: string;
}; // the package's own

/** What an expression in JavaScript is that the image's own Node evaluates in it. */
async function toldInside(expression: string): Promise<unknown> {
  const script = `console.log(JSON.stringify(${expression}))`;
  return JSON.parse(await docker('run', '--rm', '--entrypoint', 'node', IMAGE, '--eval', script));
}

/** All that is installed in the image, as `name@version`. A package.json deeper within a package makes no package. */
const LIST_PACKAGES = `fs.readdirSync('node_modules', { recursive: true })
  .filter((file) => /(^|node_modules\\/)(@[^/]+\\/)?[^/@]+\\/package\\.json$/.test(file))
  .map((file) => JSON.parse(fs.readFileSync('node_modules/' + file, 'utf8')))
  .map(({ name, version }) => name + '@' + version)`;

const asRefs = (packages: readonly { readonly name: string; readonly version: string }[]): string[] =>
  packages.map(({ name, version: each }) => `${name}@${each}`).toSorted();

/** Of libsql's binaries the image has the one for its platform. */
const expected = asRefs(
  packagesOfImage().filter(
    ({ name, isOfOnePlatform }) => !isOfOnePlatform || name === `@libsql/linux-${process.arch}-gnu`,
  ),
);

await describeWith('parley-image', 'the image of an exchange', () => {
  const whenOver = whenSuiteIsOver();
  const folder = temporaryFolder();
  whenOver(() => removeFolder(folder));
  const keys = path.join(folder, 'keys.json');

  beforeAll(async () => {
    const known = [
      { key: 'operators-key', role: 'operator' },
      { key: 'alices-key', participant: 'alice' },
    ];
    writeFileSync(keys, JSON.stringify({ keys: known }));
    chmodSync(keys, 0o444);
    whenOver(() => dockerRan('image', 'rm', IMAGE));
    await buildImage(IMAGE, checkout, '--build-arg', `REVISION=${REVISION}`, '--build-arg', `SOURCE=${SOURCE}`);
  }, PROGRAM_PATIENCE_MS);

  /** Starts a server as a container for the length of a test. Resolves to its id once it serves, and to where. */
  async function serve(...options: readonly string[]): Promise<{ readonly id: string; readonly url: string }> {
    const mounted = ['--volume', `${keys}:/run/secrets/parley-keys:ro`, '--publish', '127.0.0.1::7070'];
    const id = await docker('run', '--detach', ...CONFINED, ...mounted, ...options, IMAGE);
    onTestFinished(async () => {
      await dockerRan('rm', '--force', '--volumes', id);
    });
    const url = `http://${await docker('port', id, '7070')}`;
    // The engine takes connections before the server does, and Node may then wait for an answer to one that is closed already.
    await expect
      .poll(() =>
        fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) }).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      .toBe(true);
    return { id, url };
  }

  const operatorAt = (url: string): ParleyClient =>
    new ParleyClient({ url, key: 'operators-key', timeoutMs: PATIENCE_MS });

  const healthOf = (id: string): Promise<string> => docker('inspect', '--format', '{{.State.Health.Status}}', id);

  it('A container of the image serves without rights, a shell and a disk but its volume, as a user that is not root', async () => {
    expect((await inspected(IMAGE)).Config.User).toBe('1000:1000');
    const { id, url } = await serve('--no-healthcheck');
    const [, ...processes] = (await docker('top', id, '-eo', 'pid,uid,args')).split('\n');
    const running = processes.map((line) => line.trim().replace(/^\d+\s+(\d+)\s+/, '$1 '));
    expect(running[0]).toBe('1000 node dist/src/cli/main.js serve --host 0.0.0.0 --keys /run/secrets/parley-keys');
    expect(running.filter((each) => !/^1000 ((\/usr\/local\/bin\/)?node |\[node\] <defunct>)/.test(each))).toEqual([]);
    expect((await dockerRan('exec', id, 'sh', '-c', 'true')).code).not.toBe(0);
    const page = await (await fetch(url)).text();
    const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec(page) ?? [];
    expect((await fetch(`${url}${script}`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it('A container of the image is healthy while it answers, unhealthy while it hangs, and healthy again', async () => {
    const { id } = await serve(...CHECKED_OFTEN);
    await expect.poll(() => healthOf(id)).toBe('healthy');
    await docker('kill', '--signal', 'STOP', id);
    await expect.poll(() => healthOf(id)).toBe('unhealthy');
    await docker('kill', '--signal', 'CONT', id);
    await expect.poll(() => healthOf(id)).toBe('healthy');
  });

  it('A container of the image without a key file ends at once, and says which file it looked for', async () => {
    const { code, stderr } = await dockerRan('run', '--rm', ...CONFINED, IMAGE);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('cannot read the key file /run/secrets/parley-keys'),
    });
  });

  it(`A container of the image ends by itself within ${MOST_TO_STOP_MS} ms of SIGTERM, while a client keeps its connection`, async () => {
    const tookMs: number[] = [];
    // What else the machine does may hold one up. A server that waited for its clients would hold up all.
    while (tookMs.length < 3 && Math.min(...tookMs) >= MOST_TO_STOP_MS) tookMs.push(await endedAfterSigterm());
    expect(Math.min(...tookMs)).toBeLessThan(MOST_TO_STOP_MS);
  });

  /** How many milliseconds a server with a client took to end, with code 0. */
  async function endedAfterSigterm(): Promise<number> {
    const { id, url } = await serve('--no-healthcheck');
    await operatorAt(url).putInstrument('ACME', { tickSize: '0.05', lotSize: '1' });
    const agent = new http.Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    await new Promise<void>((resolve, reject) => {
      const asked = http.get(`${url}/health/ready`, { agent }, (response) => response.resume().once('end', resolve));
      asked.once('error', reject);
    });
    await expect.poll(() => Object.values(agent.freeSockets).flat().length).toBe(1);
    await docker('kill', '--signal', 'TERM', id);
    expect(await docker('wait', id)).toBe('0');
    return endedAfterMs(id);
  }

  it('The commands of the image work on the volume of a server that has ended: its log is audited, and all is well', async () => {
    expect(await docker('run', '--rm', IMAGE, '--version')).toBe(version);
    const { id, url } = await serve('--no-healthcheck', '--volume', `${PREFIX}:/var/lib/parley`);
    whenOver(() => dockerRan('volume', 'rm', PREFIX));
    await operatorAt(url).putInstrument('ACME', { tickSize: '0.05', lotSize: '1' });
    await docker('stop', id);
    const audit = await docker('run', '--rm', ...CONFINED, '--volume', `${PREFIX}:/var/lib/parley`, IMAGE, 'audit');
    expect(audit).toMatch(/\nresult +all is well$/);
  });

  describe('what the image holds', () => {
    it('The image holds the packages that its exchange needs, in the versions of the lockfile, and none for development', async () => {
      expect(((await toldInside(LIST_PACKAGES)) as string[]).toSorted()).toEqual(expected); // as the script writes it
    });

    it('The bill of materials names each package of the image and of its page with a licence, and nothing of when it was made', async () => {
      const bill = (await toldInside(`JSON.parse(fs.readFileSync('sbom.cdx.json', 'utf8'))`)) as {
        readonly metadata: object;
        readonly components: readonly { readonly 'bom-ref': string; readonly licenses: readonly object[] }[];
        readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
      }; // as CycloneDX describes it
      expect(bill).toMatchObject({
        bomFormat: 'CycloneDX',
        metadata: { component: { type: 'application', name: 'parley-exchange', version } },
      });
      expect(bill).not.toHaveProperty('serialNumber');
      expect(bill.metadata).not.toHaveProperty('timestamp');
      const named = bill.components.map((component) => component['bom-ref']);
      expect(named.toSorted()).toEqual([...new Set([...expected, ...asRefs(packagesOfPage())])].toSorted());
      expect(bill.components.filter(({ licenses }) => licenses.length === 0)).toEqual([]);
      const root = bill.dependencies.find(({ ref }) => ref === `parley-exchange@${version}`);
      const asked = [expect.stringMatching(/^fastify@/), expect.stringMatching(/^preact@/)];
      expect(root?.dependsOn).toEqual(expect.arrayContaining(asked));
    });

    it('The image carries the licences, its own and those of others, at the places that the list of them names', async () => {
      const list = textOf('THIRD-PARTY.md');
      const places = [...list.matchAll(/`(node_modules\/[^`]+)`/g)].map(([, place = '']) => place);
      expect(places.length).toBeGreaterThan(expected.length - 10);
      const told = `{
        missing: ${JSON.stringify(places)}.filter((place) => !fs.existsSync(place)),
        texts: ['LICENSE', 'THIRD-PARTY.md'].map((name) => fs.readFileSync(name, 'utf8')),
      }`;
      expect(await toldInside(told)).toEqual({ missing: [], texts: [textOf('LICENSE'), list] });
    });

    it('The image holds of the project only what it runs: no sources, types, maps, tests, or tools for brokers and containers', async () => {
      const folders = `['.', 'dist', 'dist/infra'].map((folder) => fs.readdirSync(folder))`;
      const [top, dist, infra] = (await toldInside(folders)) as string[][]; // as readdirSync has them
      expect(top).toEqual(['LICENSE', 'THIRD-PARTY.md', 'dist', 'node_modules', 'package.json', 'sbom.cdx.json']);
      expect(dist).toEqual(['infra', 'projections', 'src', 'web']);
      expect(infra).toEqual(['embedded', 'eventstoredb', 'kafka', 'memory']);
      const foreign = `fs.readdirSync('dist', { recursive: true }).filter((file) => /\\.(ts|map|tsbuildinfo)$/.test(file))`;
      expect(await toldInside(foreign)).toEqual([]);
    });

    it('The image says by labels what it is, in which version, under which licence, and of which commit it was built', async () => {
      const { Labels } = (await inspected(IMAGE)).Config;
      const told = { title: 'parley', version, description, licenses: license, revision: REVISION, source: SOURCE };
      const labels = Object.entries(told).map(([name, value]) => [`org.opencontainers.image.${name}`, value]);
      expect(Labels).toMatchObject(Object.fromEntries(labels));
    });

    it(`The image adds one layer to its Node, of at most ${MOST_BYTES / 1_000_000} MB`, async () => {
      const { digests, bytes } = await layersOf(IMAGE);
      expect(digests).toHaveLength(1);
      expect(bytes).toBeGreaterThan(10_000_000);
      expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
    });
  });

  it(
    'A second build, later, in another folder, without a cache and with other rights on the sources, makes the same layer',
    async () => {
      const other = path.join(folder, 'a copy');
      copyContext(other);
      for (const name of ['LICENSE', 'package.json']) chmodSync(path.join(other, name), 0o600);
      onTestFinished(() => rmSync(other, { recursive: true }));
      const told = await buildImage(REBUILT, other, '--no-cache');
      onTestFinished(() => removeBuilt(REBUILT, told));
      expect((await layersOf(REBUILT)).digests).toEqual((await layersOf(IMAGE)).digests);
    },
    PROGRAM_PATIENCE_MS,
  );
});

/** How long after its last signal a container ended, by the engine's clock. */
async function endedAfterMs(id: string): Promise<number> {
  const [since = '', until = ''] = (
    await docker('inspect', '--format', '{{.State.StartedAt}} {{.State.FinishedAt}}', id)
  ).split(' ');
  const filters = ['--filter', `container=${id}`, '--filter', 'event=kill', '--format', '{{json .}}'];
  const [kill = ''] = (await docker('events', '--since', since, '--until', until, ...filters)).split('\n').slice(-1);
  const { timeNano } = JSON.parse(kill) as { readonly timeNano: number }; // as the engine's API has it
  return Date.parse(until) - timeNano / 1e6;
}
