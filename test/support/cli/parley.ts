/** The command line as people run it: as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';

const root = path.join(import.meta.dirname, '../../..');
/** In a compiled program: the command line that was compiled with it. */
const compiled = path.join(root, 'src/cli/main.js');
/** The launcher builds what is out of date. PARLEY_CLI_ENTRY names another build's main.js. */
const entry =
  process.env.PARLEY_CLI_ENTRY ?? (fs.existsSync(compiled) ? compiled : path.join(root, 'src/cli/parley.mjs'));

export const BUILD_MS = 180_000;

/** To be called before the first test, with BUILD_MS as its timeout. */
export async function built(): Promise<void> {
  const { code, stderr } = await parley(['--version']);
  if (code !== 0) throw new Error(`the command line cannot be built: ${stderr}`);
}

export interface RunOptions {
  readonly stdin?: string | Buffer | Readable;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder it runs in. */
  readonly cwd?: string;
  /** No file may grow past this: a disk that is full. Takes bash. */
  readonly maxFileKiB?: number;
  /** Called with the process once it runs. */
  readonly during?: (child: ChildProcess) => void;
}

export interface Ran {
  /** The exit code; -1 when a signal killed it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type StartOptions = Pick<RunOptions, 'env' | 'cwd' | 'maxFileKiB'>;

export function start(args: readonly string[], options: StartOptions = {}): ChildProcess {
  const own = Object.entries(process.env).filter(([name]) => !(name === 'FORCE_COLOR' || isOption(name)));
  const env = { ...Object.fromEntries(own), ...options.env };
  const { maxFileKiB, cwd } = options;
  if (maxFileKiB === undefined) return spawn(process.execPath, [entry, ...args], { env, cwd });
  const limited = `ulimit -f ${maxFileKiB}; exec "$0" "$@"`;
  return spawn('bash', ['-c', limited, process.execPath, entry, ...args], { env, cwd });
}

/** Whether a variable of whoever runs the tests would be taken for one of its options. */
function isOption(name: string): boolean {
  return name.startsWith('PARLEY_') && !/^PARLEY_(CLI_ENTRY|TEST_|REQUIRE_)/.test(name);
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

/** Its exit code; -1 when a signal killed it. */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)));
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
