import { existsSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const TIMEOUT_MS = 500;

/** What keeps containers from being run here, or undefined when an engine answers. Takes half a second at most. */
export async function missingEngine(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = environment.DOCKER_HOST ?? '';
  const addresses = named === '' ? socketFiles(environment).map((file) => `unix://${file}`) : [named];
  for (const address of addresses) {
    if (await answers(address)) return undefined;
  }
  return addresses.length === 0
    ? 'no container engine here'
    : `no container engine answers at ${addresses.join(' or ')}`;
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

function answers(address: string): Promise<boolean> {
  const { protocol, hostname, port, pathname } = new URL(address);
  const target = protocol === 'unix:' ? { socketPath: pathname } : { host: hostname, port: Number(port) || 2375 };
  return new Promise((resolve) => {
    const request = http.get({ ...target, path: '/_ping', timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}
