import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { GenericContainer, type StartedTestContainer, type StoppedTestContainer } from 'testcontainers';
import { afterAll, afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ExchangeInProcess, openExchange } from '../../../src/in-process/index.js';
import { DEFAULT_IMAGE, ParleyContainer } from '../../../src/testcontainers/index.js';
import { execForm, instructionsOf } from '../../support/deploy/dockerfile.js';
import { textOf } from '../../support/deploy/files.js';
import { serveSettings } from '../../support/deploy/serve-options.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
afterEach(() => vi.restoreAllMocks());

const image = instructionsOf('infra/deploy/Dockerfile');
const last = (keyword: string): string => image.findLast((each) => each.keyword === keyword)?.args ?? '';

const acme = { symbol: 'ACME', tickSize: '0.05', lotSize: '1' };

/** Shows what the container engine would be asked for. */
class Planned extends ParleyContainer {
  get plan() {
    const { imageName, exposedPorts, contentsToCopy, createOpts } = this;
    const contents = contentsToCopy.map(({ content, target }) => ({ content: content as string, target })); // ours are texts
    return {
      image: imageName.string,
      ports: exposedPorts,
      contents,
      command: createOpts.Cmd,
      environment: createOpts.Env,
    };
  }
}

let runs = 0;

/**
 * Stands in for the container engine: what it starts is the exchange itself, in this process, with the key file that would be copied into
 * the container. An image is not run here.
 */
function standIn(): { readonly stopped: () => number } {
  let stops = 0;
  vi.spyOn(GenericContainer.prototype, 'start').mockImplementation(async function (this: Planned) {
    const keyFile = path.join(folder, `keys-${++runs}.json`);
    writeFileSync(keyFile, this.plan.contents[0]?.content ?? '', { mode: 0o600 });
    const exchange: ExchangeInProcess = await openExchange({ memory: true });
    onTestFinished(() => exchange.close());
    const { port } = await exchange.listen({ keyFile });
    const started: Partial<StartedTestContainer> = {
      getHost: () => '127.0.0.1',
      getMappedPort: () => port,
      stop: async () => {
        stops++;
        await exchange.close();
        return {} as StoppedTestContainer; // nobody looks at it
      },
    };
    return started as StartedTestContainer; // all that is used of it
  });
  return { stopped: () => stops };
}

describe('an exchange in a container, as an engine is asked for it', () => {
  it('The container that is asked for runs the image of this version, which is the one that the project builds', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    expect(DEFAULT_IMAGE).toBe(`parley:${version}`);
    expect(textOf('infra/deploy/compose.yaml')).toContain(`:-${DEFAULT_IMAGE}}\n`);
    expect(new Planned().plan).toMatchObject({ image: DEFAULT_IMAGE, ports: [7070], command: undefined });
    expect(new Planned('registry.example/parley:1').plan.image).toBe('registry.example/parley:1');
  });

  it('The container that is asked for has the keys where the image looks for them, by their digests alone', async () => {
    standIn();
    const container = new Planned().withKeys('alice', 'bob').withKeys('alice');
    const started = await container.start();
    const [keys, ...others] = container.plan.contents;
    expect(others).toEqual([]);
    expect(execForm(last('CMD'))).toEqual(expect.arrayContaining(['--keys', keys?.target]));
    expect(last('EXPOSE')).toBe('7070');
    expect(JSON.parse(keys?.content ?? '')).toMatchObject({
      keys: [{ role: 'operator' }, { participant: 'alice' }, { participant: 'bob' }],
    });
    for (const key of [started.operatorKey, started.keyOf('alice')]) expect(keys?.content).not.toContain(key);
    expect(started.keyOf('alice')).not.toBe(started.keyOf('bob'));
    expect(() => started.keyOf('carol')).toThrow(RangeError);
  });

  it('A container that is started a second time has the same keys, and those that were added since', async () => {
    standIn();
    const container = new Planned().withKeys('alice');
    const first = await container.start();
    const second = await container.withKeys('bob').start();
    const [keys, ...others] = container.plan.contents;
    expect(others).toEqual([]);
    expect(keys?.content).toContain('bob');
    expect([second.operatorKey, second.keyOf('alice')]).toEqual([first.operatorKey, first.keyOf('alice')]);
  });

  it('The container that is asked for has its log in Kafka where that is wished for, by settings that serve heeds', () => {
    const { environment = [] } = new Planned().withKafka('kafka-1:9092,kafka-2:9092', 'orders').plan;
    expect(environment).toEqual([
      'PARLEY_LOG=kafka',
      'PARLEY_BROKERS=kafka-1:9092,kafka-2:9092',
      'PARLEY_TOPIC=orders',
      expect.stringMatching(/^PARLEY_CLUSTER_KEY=.{32}$/),
    ]);
    for (const setting of environment) expect(serveSettings).toContain(setting.split('=')[0]);
  });

  it('A started exchange lists its instruments, and lets everybody in by their own key', async () => {
    standIn();
    const exchange = await new Planned().withKeys('alice').withInstruments(acme).start();
    expect(exchange.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await exchange.client().instruments()).toMatchObject([acme]);
    const terms = { clientIntentionId: 'a-1', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '1' } as const;
    expect(await exchange.client('alice').postIntention(terms)).toMatchObject({ participant: 'alice' });
    const strangers = exchange.client('alice', { retry: { attempts: 1 } });
    await expect(strangers.putInstrument('NEWS', acme)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('An exchange whose instruments cannot be listed is stopped, and says why', async () => {
    const engine = standIn();
    const container = new Planned().withInstruments({ ...acme, tickSize: '0' });
    await expect(container.start()).rejects.toMatchObject({ code: 'INVALID_INSTRUMENT' });
    expect(engine.stopped()).toBe(1);
  });
});
