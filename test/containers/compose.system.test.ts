/** The compose files as users start them: with Compose of its own command and of Docker's, as far as they are here. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../infra/kafka/local/ports.js';
import { imageHere } from '../../infra/containers/images.js';
import { ParleyClient } from '../../src/client/index.js';
import { shardOfSymbol } from '../../src/cluster/shard-of.js';
import { withImagesHere } from '../support/containers/compose-images.js';
import { ComposeProject } from '../support/containers/compose-project.js';
import { docker, nodeSays } from '../support/containers/docker.js';
import { Prometheus } from '../support/containers/prometheus.js';
import { checkout, textOf } from '../support/deploy/files.js';
import { MONITORING, panelQueries, rules } from '../support/deploy/monitoring.js';
import { post, retry } from '../support/http/client.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { describeWith } from '../support/needs/suite.js';
import { composeCommands } from '../support/needs/tools.js';
import { PATIENCE_MS, PROGRAM_PATIENCE_MS } from '../support/patience.js';
import {
  createTopic,
  kafkaClient,
  readCommitted,
  sendOne,
  transactionalProducer,
} from '../support/servers/kafka-client.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const NEEDED = ['containers', 'compose', 'compose-images'] as const;
const EXCHANGES = ['exchange-1', 'exchange-2', 'exchange-3'];
const SHARDS = 4;
/** One instrument of each shard. */
const SYMBOLS = Array.from({ length: SHARDS }, (_, shard) => symbolOf(shard));
/** Long enough to be seen, and no longer; users wait for minutes. */
const SHORT_FOR = '2s';
const TRADED_EACH_MS = 500;

function symbolOf(shard: number): string {
  for (let number = 1; ; number++) if (shardOfSymbol(`S${number}`, SHARDS) === shard) return `S${number}`;
}

await describeWith(NEEDED, 'infra/kafka/compose.yaml', () => {
  it.each(composeCommands().map((compose) => ({ compose, name: compose.join(' ') })))(
    'The broker of infra/kafka/compose.yaml takes transactions at the port that was asked for, and leaves nothing when it is taken down: $name',
    async ({ compose }) => {
      const [port = 0] = await freePorts(1);
      const variables = { PARLEY_KAFKA_PORT: `${port}` };
      const project = new ComposeProject({ compose, files: await withImagesHere('kafka'), variables });
      try {
        await project.up();
        const client = kafkaClient([`127.0.0.1:${port}`]);
        await createTopic(client, 'said');
        const producer = await transactionalProducer(client, 'who-says-it');
        await sendOne(producer, 'said', 'taken back', 'abort');
        await sendOne(producer, 'said', 'meant', 'commit');
        await producer.disconnect();
        expect(await readCommitted(client, 'said', 1)).toEqual(['meant']);
      } finally {
        await project.down();
      }
      expect(await project.leftovers()).toBe('');
    },
    PROGRAM_PATIENCE_MS,
  );
});

await describeWith(NEEDED, 'infra/deploy/compose.yaml', () => {
  describe.each(composeCommands().map((compose) => ({ compose, name: compose.join(' ') })))(
    'with $name',
    ({ compose, name }) => {
      const whenOver = whenSuiteIsOver();
      const folder = temporaryFolder();
      whenOver(() => removeFolder(folder));
      const ports = new Map<string, number>();
      let project: ComposeProject;
      let prometheus: Prometheus;

      const keyOf = (holder: string): string => readFileSync(path.join(folder, 'secrets', `${holder}-key`), 'utf8');
      const urlOf = (service: string): string => `http://127.0.0.1:${ports.get(service)}`;
      const client = (service: string, holder: string): ParleyClient =>
        new ParleyClient({ url: urlOf(service), key: keyOf(holder), retry, timeoutMs: PATIENCE_MS });
      /** Which exchanges serve shards, as one of them has heard. */
      const owners = async (asked: string): Promise<string[]> =>
        (await client(asked, 'operator').cluster()).shards.map(
          ({ owner, state }) => `${owner?.split(':')[0]} ${state}`,
        );
      let trades = 0;
      /** A rate is of what grows while Prometheus looks. */
      const trade = async (): Promise<void> => {
        const bobs = post(`b-rests-${++trades}`, {
          participant: 'bob',
          instrument: SYMBOLS[0] ?? '',
          side: 'sell',
          price: '99',
        });
        await client('exchange-1', 'bob').postIntention(bobs);
        const offTick = client('exchange-2', 'bob').postIntention({
          ...bobs,
          clientIntentionId: 'b-off',
          price: '99.001',
        });
        await expect(offTick).rejects.toMatchObject({ code: 'PRICE_OFF_TICK' });
      };
      const raised = async (): Promise<string[]> =>
        (await prometheus.alerts()).map(({ name: alert, instance, state }) => `${alert} ${instance} ${state}`);

      beforeAll(async () => {
        execFileSync(process.execPath, ['infra/deploy/make-secrets.mjs', folder], { cwd: checkout, stdio: 'pipe' });
        const image = `parley-compose-test-${process.pid}:0.1.0`;
        const services = [...EXCHANGES, 'kafka', 'prometheus', 'grafana'];
        (await freePorts(services.length)).forEach((port, index) => ports.set(services[index] ?? '', port));
        const variables = Object.fromEntries([...ports].map(([service, port]) => [portVariable(service), `${port}`]));
        project = new ComposeProject({
          compose,
          files: [...(await withImagesHere('deploy')), await writeOverride(folder)],
          variables: { ...variables, PARLEY_IMAGE: image },
          envFile: path.join(folder, '.env'),
        });
        whenOver(() => docker('image', 'rm', image));
        whenOver(() => project.down());
        await project.up();
        prometheus = new Prometheus(urlOf('prometheus'));
      }, PROGRAM_PATIENCE_MS);

      it(`Three exchanges in containers are one: what one is asked the others know, and keys say who may ask what (${name})`, async () => {
        const [one = '', two = '', three = ''] = EXCHANGES;
        await expect
          .poll(() => owners(one))
          .toSatisfy((all: string[]) => all.every((owner) => owner.endsWith(' serving')));
        for (const symbol of SYMBOLS) {
          await client(one, 'operator').putInstrument(symbol, { tickSize: '0.01', lotSize: '1' });
          await client(two, 'alice').postIntention(post(`a-${symbol}`, { instrument: symbol }));
          const bobs = post(`b-${symbol}`, { participant: 'bob', instrument: symbol, side: 'sell', quantity: '40' });
          expect((await client(three, 'bob').postIntention(bobs)).deals).toHaveLength(1);
          await expect.poll(() => client(one, 'alice').deals({ instrument: symbol })).toHaveLength(1);
        }
        await expect(
          client(three, 'bob').postIntention(post('b-as-alice', { instrument: SYMBOLS[0] ?? '' })),
        ).rejects.toMatchObject({ code: 'FORBIDDEN' });
        await expect(client(three, 'bob').putInstrument('NEW', { tickSize: '1', lotSize: '1' })).rejects.toMatchObject({
          code: 'FORBIDDEN',
        });
        await expect(new ParleyClient({ url: urlOf(two), retry }).instruments()).rejects.toMatchObject({
          code: 'UNAUTHENTICATED',
        });
      });

      it.each(EXCHANGES)(
        `An exchange in a container writes to its volume and /tmp alone, and has no rights: %s (${name})`,
        async (exchange) => {
          const { HostConfig } = await project.inspect(exchange);
          expect(HostConfig).toMatchObject({
            ReadonlyRootfs: true,
            CapDrop: ['ALL'],
            SecurityOpt: ['no-new-privileges:true'],
          });
          const script = `const fs = require('node:fs');
        const written = (place) => { try { fs.writeFileSync(place + '/written', ''); return 'written'; } catch ({ code }) { return code; } };
        const status = fs.readFileSync('/proc/1/status', 'utf8');
        const told = Object.fromEntries(status.split('\\n').map((line) => line.split(':\\t')));
        const { Uid, CapEff, CapBnd, NoNewPrivs } = told;
        console.log(JSON.stringify({ Uid, CapEff, CapBnd, NoNewPrivs, places: ['/app', '/etc', '/tmp', '/var/lib/parley'].map(written) }));`;
          expect(JSON.parse(await nodeSays(await project.container(exchange), script))).toEqual({
            Uid: '1000\t1000\t1000\t1000',
            CapEff: '0000000000000000',
            CapBnd: '0000000000000000',
            NoNewPrivs: '1',
            places: ['EROFS', 'EROFS', 'written', 'written'],
          });
        },
      );

      it(`Prometheus reaches every exchange, and knows every rule (${name})`, async () => {
        const up = Object.fromEntries(EXCHANGES.map((exchange) => [`${exchange}:7070`, 'up']));
        await expect.poll(() => prometheus.targets()).toEqual(up);
        const evaluated = rules.map(({ alert }) => ({ name: alert, health: 'ok' }));
        await expect.poll(() => prometheus.rules()).toEqual(evaluated);
        await expect.poll(raised).toEqual([]);
      });

      it.each(panelQueries)(
        `The dashboard shows numbers of what has happened: $where, $expr (${name})`,
        async ({ expr }) => {
          // Grafana puts in the interval.
          const asked = expr.replaceAll('$__rate_interval', '2m');
          const values = async (): Promise<number[]> => {
            await trade();
            return (await prometheus.query(asked)).map(({ value }) => value);
          };
          const areNumbers = (all: number[]): boolean => all.length > 0 && all.every(Number.isFinite);
          await expect.poll(values, { interval: TRADED_EACH_MS }).toSatisfy(areNumbers);
        },
      );

      it.each(rules)(
        `An alert is about something that is measured, and is quiet while all is well: $alert (${name})`,
        async ({ expr }) => {
          const [, measured = ''] = /^(.+) (?:==|>) \d+$/.exec(expr) ?? [];
          expect((await prometheus.query(measured)).length).toBeGreaterThanOrEqual(EXCHANGES.length);
          await expect.poll(() => prometheus.query(expr)).toEqual([]);
        },
      );

      it(`An exchange that is stopped ends by itself, others serve its shards, and the alert is raised until it is back (${name})`, async () => {
        const [one = '', , three = ''] = EXCHANGES;
        await project.compose('stop', three);
        expect((await project.inspect(three)).State).toMatchObject({ Running: false, ExitCode: 0 });
        await expect
          .poll(() => owners(one))
          .toSatisfy((all: string[]) => all.every((owner) => /^exchange-[12] serving$/.test(owner)));
        for (const symbol of SYMBOLS)
          await client(one, 'alice').postIntention(post(`a-2-${symbol}`, { instrument: symbol }));
        await expect.poll(raised).toEqual([`ExchangeDown ${three}:7070 firing`]);
        await project.compose('start', three);
        await expect.poll(raised).toEqual([]);
        await expect.poll(() => owners(one)).toSatisfy((all: string[]) => all.includes(`${three} serving`));
        for (const instrument of SYMBOLS) {
          const own = await client(three, 'alice').intentions({ instrument });
          expect(own.map(({ clientIntentionId }) => clientIntentionId).toSorted()).toEqual([
            `a-2-${instrument}`,
            `a-${instrument}`,
          ]);
        }
      });

      it(`An exchange that is cut off from Kafka is alive and not ready, and the alert is raised until it is back (${name})`, async () => {
        const [one = '', , three = ''] = EXCHANGES;
        const container = await project.container(three);
        await docker('network', 'disconnect', project.network('default'), container);
        const health = (): Promise<string> =>
          nodeSays(
            container,
            `Promise.all(['live', 'ready'].map((kind) => fetch('http://127.0.0.1:7070/health/' + kind))).then((all) => console.log(all.map(({ status }) => status).join(' ')))`,
          );
        await expect.poll(health).toBe('200 503');
        await expect.poll(raised).toEqual([`ExchangeNotServing ${three}:7070 firing`]);
        await expect
          .poll(() => owners(one))
          .toSatisfy((all: string[]) => all.every((owner) => /^exchange-[12] serving$/.test(owner)));
        await docker('network', 'connect', '--alias', three, project.network('default'), container);
        await expect.poll(health).toBe('200 200');
        await expect.poll(raised).toEqual([]);
      });

      it(`Compose takes everything down, and leaves nothing (${name})`, async () => {
        await project.down();
        expect(await project.leftovers()).toBe('');
      });
    },
  );
});

/** `exchange-1` is PARLEY_EXCHANGE_1_PORT. */
function portVariable(service: string): string {
  return `PARLEY_${service.toUpperCase().replace('-', '_')}_PORT`;
}

/**
 * The rules with a shorter patience, and a second network, over which Prometheus reaches an exchange that is cut off from Kafka.
 * Grafana stays away where there is no image of it.
 */
async function writeOverride(folder: string): Promise<string> {
  const configuration = textOf(`${MONITORING}/prometheus.yml`).replace(
    'evaluation_interval: 15s',
    'evaluation_interval: 1s',
  );
  writeFileSync(path.join(folder, 'prometheus.yml'), configuration);
  writeFileSync(
    path.join(folder, 'alerts.yml'),
    textOf(`${MONITORING}/alerts.yml`).replaceAll(/for: \d+m/g, `for: ${SHORT_FOR}`),
  );
  const networks = ['default', 'watched'];
  const volumes = ['prometheus.yml', 'alerts.yml'].map(
    (file) => `${path.join(folder, file)}:/etc/prometheus/${file}:ro`,
  );
  const services = {
    ...Object.fromEntries(EXCHANGES.map((exchange) => [exchange, { networks }])),
    prometheus: { networks, volumes },
    ...((await imageHere('grafana')) === undefined ? { grafana: { profiles: ['grafana'] } } : {}),
  };
  const file = path.join(folder, 'override.yaml');
  writeFileSync(file, JSON.stringify({ services, networks: { watched: {} } }));
  return file;
}
