/** What tests need of a machine, besides servers: each is looked for here and nowhere else. Every function says what is missing, if it is. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { kafkaClassPath, MissingToolError } from '../../../infra/kafka/local/installation.js';
import { missingCompiler } from '../../crash/disk/compile.js';
import { Tmpfs } from '../../crash/tmpfs.js';

const checkout = path.join(import.meta.dirname, '../../..');

/** Recorded days of real markets, which are too large, and not ours, to be in the checkout. */
export const orderFlowFolder = path.join(checkout, '../shared/orderflow/');

/** Java and Kafka's jars, which are fetched now if they have not been: with them brokers are started, killed and started again. */
export async function missingLocalKafka(): Promise<string | undefined> {
  try {
    await kafkaClassPath();
    return undefined;
  } catch (error) {
    if (error instanceof MissingToolError) return error.message;
    throw error;
  }
}

/** Git, and a checkout that is one of its own: an archive of the sources is none. */
export function missingGit(): string | undefined {
  if (!runs('git', '--version')) return 'there is no git here';
  const { status, stdout } = spawnSync('git', ['rev-parse', '--show-prefix'], { cwd: checkout, encoding: 'utf8' });
  return status === 0 && stdout.trim() === '' ? undefined : 'this folder is no git checkout';
}

export function missingOpenssl(): string | undefined {
  return runs('openssl', 'version') ? undefined : 'there is no openssl here';
}

export function missingBash(): string | undefined {
  return runs('bash', '-c', 'true') ? undefined : 'there is no bash here';
}

/** What makes pseudo terminals: the `script` of util-linux. */
export function missingScript(): string | undefined {
  return runs('script', '-qefc', 'true', '/dev/null') ? undefined : 'there is no script (of util-linux) here';
}

/** Compose as a part of Docker's command, and the command of its own that came before it, as far as they are here. */
export function composeCommands(): readonly (readonly [command: string, ...args: string[]])[] {
  const known = [['docker', 'compose'] as const, ['docker-compose'] as const];
  return known.filter(([command, ...args]) => runs(command, ...args, 'version'));
}

export function missingCompose(): string | undefined {
  return composeCommands().length === 0 ? 'there is no docker compose here' : undefined;
}

export function missingKubectl(): string | undefined {
  return runs('kubectl', 'kustomize', '--help') ? undefined : 'there is no kubectl here';
}

export function missingOrderFlow(): string | undefined {
  return existsSync(orderFlowFolder) ? undefined : '../shared/orderflow is not there';
}

export function missingIpv6(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve('this machine has no IPv6 loopback'));
    server.listen({ host: '::1', port: 0 }, () => server.close(() => resolve(undefined)));
  });
}

export function missingLinux(): string | undefined {
  return process.platform === 'linux' ? undefined : 'this is not Linux';
}

/** The right to mount a small disk in memory: it is tried. */
export function missingMount(): string | undefined {
  return Tmpfs.isPossible(os.tmpdir()) ? undefined : 'no disk can be mounted here';
}

export { missingCompiler };

/** What an install of the package takes: npm, and the packages that it needs, from a registry or out of npm's cache. */
export function missingNpm(): string | undefined {
  const { dependencies } = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  }; // the package's own
  const folder = mkdtempSync(path.join(os.tmpdir(), 'parley-npm-'));
  const packages = Object.entries(dependencies).map(([name, range]) => `${name}@${range}`);
  const args = [
    'install',
    '--dry-run',
    '--prefer-offline',
    '--ignore-scripts',
    '--no-audit',
    '--fetch-retries=0',
    ...packages,
  ];
  try {
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'ignore' });
    return status === 0 ? undefined : 'npm gets no packages here, neither from a registry nor from its cache';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a command is there and ends well. */
export function runs(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
