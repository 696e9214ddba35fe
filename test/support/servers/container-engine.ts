import { existsSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { containerImages, imageHere } from '../../../infra/containers/images.js';
import { docker } from '../containers/docker.js';
import { type Missing, plainLine } from '../needs/answer.js';

/** An engine is on this machine, and answers a ping at once; one that hangs is asked no longer than this. */
const PING_MS = 5_000;

/** What keeps containers from being run here, or undefined when an engine answers. */
export async function missingEngine(
  environment: NodeJS.ProcessEnv = process.env,
  pingMs = PING_MS,
): Promise<string | undefined> {
  const named = environment.DOCKER_HOST ?? '';
  const addresses = named === '' ? socketFiles(environment).map((file) => `unix://${file}`) : [named];
  for (const address of addresses) {
    if (await answers(address, pingMs)) return undefined;
  }
  return addresses.length === 0
    ? 'no container engine here'
    : `no container engine answers at ${addresses.join(' or ')}`;
}

/**
 * The name by which the engine has an image of infra/containers/images.tsv, which is fetched if it is not here. An engine that answers
 * need not reach a registry: that is no fault of the engine.
 */
export async function imageFor(name: string): Promise<{ readonly image: string } | Missing> {
  const here = await imageHere(name);
  if (here !== undefined) return { image: here };
  const image = containerImages().find((each) => each.name === name)?.publicName ?? name;
  try {
    await docker('pull', '--quiet', image);
    return { image };
  } catch (error) {
    const reason = plainLine(error instanceof Error ? error.message : String(error));
    return { missing: `the container image ${image} cannot be fetched (${reason})` };
  }
}

/** What keeps an image from being used here, for tests that need one; undefined where it can be. */
export async function missingImage(name: string): Promise<string | undefined> {
  const missing = await missingEngine();
  if (missing !== undefined) return missing;
  const found = await imageFor(name);
  return 'missing' in found ? found.missing : undefined;
}

/** Where testcontainers looks, too. */
function socketFiles(environment: NodeJS.ProcessEnv): string[] {
  const home = os.homedir();
  return [
    '/var/run/docker.sock',
    ...(environment.XDG_RUNTIME_DIR === undefined ? [] : [path.join(environment.XDG_RUNTIME_DIR, 'docker.sock')]),
    path.join(home, '.docker', 'run', 'docker.sock'),
    path.join(home, '.docker', 'desktop', 'docker.sock'),
  ].filter((file) => existsSync(file));
}

function answers(address: string, pingMs: number): Promise<boolean> {
  const { protocol, hostname, port, pathname } = new URL(address);
  const target = protocol === 'unix:' ? { socketPath: pathname } : { host: hostname, port: Number(port) || 2375 };
  return new Promise((resolve) => {
    const request = http.get({ ...target, path: '/_ping', timeout: pingMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}
