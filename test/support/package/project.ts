/** The package as somebody else has it: packed from a copy of the checkout, installed by npm into a project of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { ended } from '../cli/parley.js';

export const checkout = path.join(import.meta.dirname, '../../..');

/** What `npm run` and vitest leave in the environment is not what a project of its own finds there. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const isKept = ([name]: [string, unknown]): boolean =>
    /^npm_config_(cache|registry)$/i.test(name) || !/^(npm_|NODE_|VITEST|PARLEY_|NO_UPDATE_)/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(isKept));
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started extends Ran {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly over: Promise<number>;
}

/** Starts a command in a folder; what it says is added to what this returns. */
export function start(cwd: string, command: string, ...args: readonly string[]): Started {
  const child = spawn(command, args, { cwd, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const started = { child, over: ended(child), code: 0, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (started.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (started.stderr += text));
  return started;
}

export async function run(cwd: string, command: string, ...args: readonly string[]): Promise<Ran> {
  const started = start(cwd, command, ...args);
  return { code: await started.over, stdout: started.stdout, stderr: started.stderr };
}

/** What the checkout is built and packed from. */
const TAKEN = [
  ...['src', 'projections', 'infra', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.package.json'],
  ...['.npmrc', '.gitignore', 'README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD-PARTY.md'],
];

/**
 * Packs a copy of the checkout, as `npm pack` does it there, and returns the archive's path. A copy, because packing builds, and other
 * tests run what the checkout has built. Its packages are those of the checkout; `lyingAbout`: files that are in it besides.
 */
export async function packCopy(folder: string, lyingAbout: readonly string[]): Promise<string> {
  const copy = path.join(folder, 'checkout');
  for (const file of lyingAbout) {
    fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    fs.writeFileSync(path.join(copy, file), '');
  }
  for (const name of TAKEN) fs.cpSync(path.join(checkout, name), path.join(copy, name), { recursive: true });
  linkPackages(copy, (name) => name !== '.bin' && name !== '.cache');
  const { code, stdout, stderr } = await run(copy, 'npm', 'pack', '--pack-destination', folder);
  const archive = fs.readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (code !== 0 || archive === undefined) throw new Error(`npm pack ended with ${code}: ${stdout}${stderr}`);
  return path.join(folder, archive);
}

/** Packages of the checkout, for a project that does not install them. */
export function linkPackages(project: string, isWanted: (name: string) => boolean): void {
  const from = path.join(checkout, 'node_modules');
  const into = path.join(project, 'node_modules');
  fs.mkdirSync(into, { recursive: true });
  for (const name of fs.readdirSync(from).filter(isWanted)) {
    if (!fs.existsSync(path.join(into, name))) fs.symlinkSync(path.join(from, name), path.join(into, name));
  }
}
