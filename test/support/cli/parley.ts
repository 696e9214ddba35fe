/** The command line as people run it: as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { PATIENCE_MS } from '../patience.js';
import { isHeeded } from './heeded.js';

const root = path.join(import.meta.dirname, '../../..');
/** In a compiled program: the command line that was compiled with it. */
const compiled = path.join(root, 'src/cli/main.js');
/** Builds what is out of date. */
const launcher = path.join(root, 'src/cli/parley.mjs');
/** PARLEY_CLI_ENTRY names another build's main.js. */
const entry = process.env.PARLEY_CLI_ENTRY ?? (fs.existsSync(compiled) ? compiled : launcher);
/** What keeps a log is borne with for so long, unless a test says otherwise. */
const PATIENCE = { PARLEY_PATIENCE_S: String(PATIENCE_MS / 1_000) };

/** What was started here and has not ended yet. */
const running = new Set<ChildProcess>();
const endings = new WeakMap<ChildProcess, Promise<number>>();

/** To be called before the first test: what is out of date is built by then, and one failure tells of a build that fails. */
export async function built(): Promise<void> {
  if (entry !== launcher) return;
  const bootstrap = pathToFileURL(path.join(root, 'src/cli/bootstrap.mjs')).href;
  const { ensureBuilt } = (await import(bootstrap)) as { ensureBuilt: () => Promise<void> }; // plain JavaScript
  await ensureBuilt();
}

/** Kills what still runs, as after a test that failed, and resolves when all of it has ended. */
export async function endAll(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      child.kill('SIGKILL');
      return ended(child);
    }),
  );
}

export interface RunOptions {
  readonly stdin?: string | Buffer | Readable;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder it runs in. */
  readonly cwd?: string;
  /** No file may grow past this: a disk that is full. Takes bash. */
  readonly maxFileKiB?: number;
  /** On a pseudo terminal: what it writes, wherever to, comes as stdout. Takes script. */
  readonly onTerminal?: true;
  /** Called with the process once it runs. */
  readonly during?: (child: ChildProcess) => void;
}

export interface Ran {
  /** The exit code; -1 when a signal killed it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type StartOptions = Pick<RunOptions, 'env' | 'cwd' | 'maxFileKiB' | 'onTerminal'>;

export function start(args: readonly string[], options: StartOptions = {}): ChildProcess {
  const child = spawnWith(args, options);
  running.add(child);
  const forget = (): void => void running.delete(child);
  ended(child).then(forget, forget);
  return child;
}

function spawnWith(args: readonly string[], { maxFileKiB, cwd, onTerminal, ...options }: StartOptions): ChildProcess {
  const own = Object.entries(process.env).filter(([name]) => !isHeeded(name));
  const env = { ...Object.fromEntries(own), ...PATIENCE, ...options.env };
  if (onTerminal === true) {
    const command = [process.execPath, entry, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    return spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], {
      env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' },
      cwd,
    });
  }
  if (maxFileKiB === undefined) return spawn(process.execPath, [entry, ...args], { env, cwd });
  const limited = `ulimit -f ${maxFileKiB}; exec "$0" "$@"`;
  // Of a locale that is not installed bash complains.
  return spawn('bash', ['-c', limited, process.execPath, entry, ...args], { env: { ...env, LC_ALL: 'C' }, cwd });
}

/** Runs it to its end. */
export async function parley(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options);
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  feed(child, options.stdin);
  options.during?.(child);
  const code = await ended(child);
  return { code, ...output };
}

function feed({ stdin }: ChildProcess, content: RunOptions['stdin']): void {
  // A process that fails early does not read its input to the end.
  stdin?.on('error', () => undefined);
  if (content === undefined || typeof content === 'string' || Buffer.isBuffer(content)) stdin?.end(content);
  else if (stdin !== null) content.pipe(stdin);
}

/** Its exit code, also when it has ended already and was asked for before; -1 when a signal killed it. Rejects when it cannot be started. */
export function ended(child: ChildProcess): Promise<number> {
  const known = endings.get(child);
  if (known !== undefined) return known;
  const ending = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? -1));
  });
  endings.set(child, ending);
  return ending;
}

/** A JSON value a line. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>); // every line is an object
}

/** All files below a folder, with their content: to see that nothing has changed. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(folder, name), 'base64')]));
}

export function segmentIn(folder: string): string {
  const name = fs.readdirSync(folder).find((file) => file.endsWith('.log'));
  if (name === undefined) throw new Error(`${folder} holds no segment`);
  return path.join(folder, name);
}
