import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { missingEngine } from '../../support/servers/container-engine.js';
import { requireNothing } from '../../support/servers/suite.js';
import { firstServer, fromEnvironment, type TestServer } from '../../support/servers/test-server.js';

const server = (address: string): TestServer => ({ address, origin: 'made up', stop: async () => undefined });

describe('the provider of servers', () => {
  it('takes the first way that leads to a server, and asks no further', async () => {
    const further = vi.fn(async () => server('c:1'));
    const broken = async (): Promise<TestServer> => {
      throw new Error('no image');
    };
    const found = await firstServer([async () => ({ missing: 'none' }), broken, async () => server('b:1'), further]);
    expect(found).toMatchObject({ address: 'b:1' });
    expect(further).not.toHaveBeenCalled();
  });

  it('gives every reason where no way leads to one', async () => {
    const broken = async (): Promise<TestServer> => {
      throw new Error('no image');
    };
    expect(await firstServer([async () => ({ missing: 'not set' }), broken])).toEqual({ missing: 'not set; no image' });
  });

  it('takes an address from the environment, and not an empty one', async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('PARLEY_TEST_SOMETHING', '');
    expect(await fromEnvironment('PARLEY_TEST_SOMETHING')()).toEqual({ missing: 'PARLEY_TEST_SOMETHING is not set' });
    vi.stubEnv('PARLEY_TEST_SOMETHING', 'kafka:9092');
    expect(await fromEnvironment('PARLEY_TEST_SOMETHING')()).toMatchObject({ address: 'kafka:9092' });
  });

  it('fails where a server is required, and only there', () => {
    expect(() => requireNothing('kafka', 'no java', { PARLEY_REQUIRE_KAFKA: '1' })).toThrow('no java');
    expect(() => requireNothing('eventstoredb', 'no engine', { PARLEY_REQUIRE_KAFKA: '1' })).not.toThrow();
    expect(() => requireNothing('kafka', 'no java', {})).not.toThrow();
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

  it('finds one that answers', async () => {
    const address = await standInEngine((response) => response.end('OK'));
    expect(await missingEngine({ DOCKER_HOST: address })).toBeUndefined();
  });

  it('gives up within a second on one that is not there or does not answer', async () => {
    const silent = await standInEngine(() => undefined);
    const began = performance.now();
    expect(await missingEngine({ DOCKER_HOST: silent })).toContain(silent);
    expect(await missingEngine({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })).toContain('/nowhere/docker.sock');
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
