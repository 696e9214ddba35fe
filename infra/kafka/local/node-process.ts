/**
 * The process that runs one node, known by its pid file.
 *
 * 1. A pid counts only while its process has the node's settings file on its command line: no other process is ever signalled.
 * 2. The pid file is written before anything else can go wrong, and stays as long as the process may live.
 */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from './guard.js';

const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 20;

export interface JavaProgram {
  readonly heapMb: number;
  readonly classPath: string;
  readonly mainClass: string;
  readonly args: readonly string[];
  readonly logSettings: string;
}

/** How long a process may go on: until it is ended, or until this process ends too, which may leave a folder to remove. */
export type Life = { readonly outlives: true } | { readonly outlives: false; readonly leaves?: string };

/** Java's arguments: little memory, and quick to start rather than quick in the long run. */
export function javaArguments(program: JavaProgram): string[] {
  const { heapMb, classPath, mainClass, args, logSettings } = program;
  const machine = [`-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
  return [...machine, `-Dlog4j.configuration=file:${logSettings}`, '-cp', classPath, mainClass, ...args];
}

/** Java reads its command line, and with it the names of files, as the locale says: in one that is not installed, as ASCII. */
export function javaEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C.UTF-8' };
}

export class NodeProcess {
  readonly settingsFile: string;
  readonly logFile: string;
  readonly #pidFile: string;
  #callOffGuard = (): void => undefined;

  constructor(folder: string) {
    this.settingsFile = path.resolve(folder, 'server.properties');
    this.logFile = path.join(folder, 'kafka.log');
    this.#pidFile = path.join(folder, 'pid');
  }

  /** The live process, or undefined. */
  get pid(): number | undefined {
    if (!existsSync(this.#pidFile)) return undefined;
    const pid = Number(readFileSync(this.#pidFile, 'utf8'));
    return commandLine(pid).includes(this.settingsFile) ? pid : undefined;
  }

  /** Starts it, with its output appended to the log file. */
  start(program: JavaProgram, life: Life): void {
    if (this.pid !== undefined) throw new Error(`this node runs already, as process ${this.pid}`);
    const log = openSync(this.logFile, 'a');
    try {
      const child = spawn('java', javaArguments(program), {
        ...{ detached: life.outlives, stdio: ['ignore', log, log] },
        env: javaEnvironment(),
      });
      child.once('error', () => undefined); // seen as a process that is not there
      child.unref();
      if (child.pid === undefined) return;
      writeFileSync(this.#pidFile, `${child.pid}`);
      if (!life.outlives) this.#guard(child.pid, life.leaves);
    } finally {
      closeSync(log);
    }
  }

  /** Sends the signal, if the process lives, and returns at once. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this;
    if (pid === undefined) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (this.pid !== undefined) throw error; // or it has ended just now
    }
  }

  /** Ends it with `signal`; one that does not end in ten seconds is killed. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    const deadline = performance.now() + STOP_TIMEOUT_MS;
    while (this.pid !== undefined) {
      if (performance.now() > deadline) this.signal('SIGKILL');
      await sleep(POLL_MS);
    }
    this.#callOffGuard();
    rmSync(this.#pidFile, { force: true });
  }

  /** The end of its log, for the message of an error. */
  lastWords(): string {
    if (!existsSync(this.logFile)) return '(it has logged nothing)';
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  }

  #guard(pid: number, folder: string | undefined): void {
    this.#callOffGuard();
    this.#callOffGuard = guard({ pid, mark: this.settingsFile, ...(folder !== undefined && { folder }) });
  }
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'args=', '-p', `${pid}`], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
