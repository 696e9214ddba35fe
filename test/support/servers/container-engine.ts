import { existsSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { plainLine } from '../needs/answer.js';

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
 * What keeps an image from being used here, or undefined when it is here or could be fetched. An engine that answers need not reach a
 * registry: that is no fault of the engine.
 */
export async function missingImage(image: string): Promise<string | undefined> {
  // Only here: it takes a while to load.
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
  const client = await getContainerRuntimeClient();
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return undefined;
  try {
    await client.image.pull(name);
    return undefined;
  } catch (error) {
    const reason = plainLine(error instanceof Error ? error.message : String(error));
    return `the container image ${image} cannot be fetched (${reason})`;
  }
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
