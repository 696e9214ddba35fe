import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { missingEngine } from '../../support/servers/container-engine.js';
import { answerTo, firstServer, fromEnvironment, plainLine, type TestServer } from '../../support/needs/answer.js';
import { NEEDS, requiredNeeds } from '../../support/needs/table.js';
import { PATIENCE_MS } from '../../support/patience.js';

const server = (address: string): TestServer => ({ address, origin: 'made up', stop: async () => undefined });

describe('the provider of servers', () => {
  it('The provider of servers takes the first way that leads to a server, and asks no further', async () => {
    const further = vi.fn(async () => server('c:1'));
    const found = await firstServer([async () => ({ missing: 'none' }), async () => server('b:1'), further]);
    expect(found).toMatchObject({ address: 'b:1' });
    expect(further).not.toHaveBeenCalled();
  });

  it('The provider of servers gives every reason where no way leads to one', async () => {
    const ways = ['not set', 'no image'].map((missing) => async () => ({ missing }));
    expect(await firstServer(ways)).toEqual({ missing: 'not set; no image' });
  });

  it('The provider of servers takes a way that is there and leads nowhere for broken, whatever other ways there are', async () => {
    const broken = async (): Promise<TestServer> => {
      throw new Error('the container does not start');
    };
    await expect(firstServer([broken, async () => server('b:1')])).rejects.toThrow('the container does not start');
  });

  it('The provider of servers takes an address from the environment, and not an empty one', async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('PARLEY_TEST_SOMETHING', '');
    expect(await fromEnvironment('PARLEY_TEST_SOMETHING')()).toEqual({ missing: 'PARLEY_TEST_SOMETHING is not set' });
    vi.stubEnv('PARLEY_TEST_SOMETHING', 'kafka:9092');
    expect(await fromEnvironment('PARLEY_TEST_SOMETHING')()).toMatchObject({ address: 'kafka:9092' });
  });
});

describe('what a test needs', () => {
  it('What a test needs is there, with its address if it has one, and is ended with the run', async () => {
    const started: TestServer[] = [];
    expect(await answerTo(() => undefined, started)).toEqual({});
    expect(await answerTo(async () => server('a:1'), started)).toEqual({ address: 'a:1', origin: 'made up' });
    expect(started).toMatchObject([{ address: 'a:1' }]);
  });

  it('What a test needs is missing, however that is said, and no failure unless it was promised', async () => {
    for (const told of ['no java', { missing: 'no java' }]) {
      expect(await answerTo(async () => told, [])).toEqual({ missing: 'no java' });
      const broken = 'PARLEY_REQUIRE asks for kafka, but: no java';
      expect(await answerTo(async () => told, [], 'kafka')).toEqual({ broken });
    }
  });

  it('What a test needs is broken where asking for it fails, promised or not', async () => {
    const ask = async (): Promise<string> => {
      throw new Error('the container does not start');
    };
    const broken = expect.stringContaining('the container does not start') as string;
    expect([await answerTo(ask, []), await answerTo(ask, [], 'kafka')]).toEqual([{ broken }, { broken }]);
  });
});

describe('PARLEY_REQUIRE', () => {
  it('PARLEY_REQUIRE names what must be there, or all of it', () => {
    expect([...requiredNeeds(undefined), ...requiredNeeds('')]).toEqual([]);
    expect([...requiredNeeds('kafka, containers,git')]).toEqual(['kafka', 'containers', 'git']);
    expect([...requiredNeeds('all')]).toEqual(Object.keys(NEEDS));
  });

  it('PARLEY_REQUIRE is refused where it names what no test needs', () => {
    expect(() => requiredNeeds('kafka,kafak')).toThrow('PARLEY_REQUIRE names kafak; it may name kafka, local-kafka,');
  });
});

describe('the reason for which a test is skipped', () => {
  it('The reason for which a test is skipped is one line, without colours, whatever was said', () => {
    expect(plainLine('\u001b[31m[ERROR]\u001b[m no route\n  to host\n')).toBe('[ERROR] no route');
    expect(plainLine('x'.repeat(1_000))).toBe(`${'x'.repeat(200)}…`);
  });
});

describe('the search for a container engine', () => {
  /** A stand-in for an engine: it answers a ping, and nothing else. */
  async function standInEngine(answer: (response: http.ServerResponse) => void): Promise<string> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'parley-engine-'));
    const engine = http.createServer((request, response) => {
      if (request.url === '/_ping') answer(response);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => engine.listen(path.join(folder, 'engine.sock'), resolve));
    onTestFinished(() => {
      engine.close();
      engine.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    });
    return `unix://${path.join(folder, 'engine.sock')}`;
  }

  it('The search for a container engine finds one that answers', async () => {
    const address = await standInEngine((response) => response.end('OK'));
    expect(await missingEngine({ DOCKER_HOST: address }, PATIENCE_MS)).toBeUndefined();
  });

  it('The search for a container engine gives up on one that is not there or does not answer', async () => {
    const silent = await standInEngine(() => undefined);
    expect(await missingEngine({ DOCKER_HOST: silent }, 1)).toContain(silent);
    const nowhere = 'unix:///nowhere/docker.sock';
    expect(await missingEngine({ DOCKER_HOST: nowhere }, PATIENCE_MS)).toContain(nowhere);
  });
});
