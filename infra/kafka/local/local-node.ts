/**
 * One node of a local Kafka, broker and controller in one process, which is known by its pid file.
 *
 * 1. A pid counts only while its process has the node's settings file on its command line: no other process is ever signalled.
 * 2. The pid file is written before anything else can go wrong, and stays as long as the process may live.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { guard } from './guard.js';
import { sourceFolder } from './installation.js';
import { type Layout, LOCAL_CREDENTIALS, type NodePorts } from './layout.js';
import { CLUSTER_ID, nodeSettings } from './node-settings.js';
import { type StartingNode, whenAllCount } from './readiness.js';

const runFile = promisify(execFile);

const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 20;
const HEAP_MB_ALONE = 512;
const HEAP_MB_OF_SEVERAL = 320;

export interface NodeOptions {
  readonly layout: Layout;
  /** Counted from 1. */
  readonly id: number;
  readonly ports: NodePorts;
  readonly classPath: string;
  /** The process outlives this one. Otherwise it ends with this one, however that ends. */
  readonly detached: boolean;
  /** A folder to remove when the process has ended with this one. */
  readonly leaves: string | undefined;
}

export class LocalKafkaNode implements StartingNode {
  readonly id: number;
  readonly #options: NodeOptions;
  readonly #folder: string;
  readonly #settingsFile: string;
  readonly #logFile: string;
  readonly #pidFile: string;
  #callOffGuard = (): void => undefined;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.id = options.id;
    this.#folder = path.join(options.layout.folder, `node-${options.id}`);
    this.#settingsFile = path.resolve(this.#folder, 'server.properties');
    this.#logFile = path.join(this.#folder, 'kafka.log');
    this.#pidFile = path.join(this.#folder, 'pid');
  }

  get isRunning(): boolean {
    return this.#pid !== undefined;
  }

  get internalAddress(): string {
    return `127.0.0.1:${this.#options.ports.internal}`;
  }

  /** Resolves when the node answers and counts itself among the cluster's brokers: which takes a majority of the nodes. */
  async start(): Promise<void> {
    await this.launch();
    await whenAllCount([this]);
  }

  /** Starts its process, with its output appended to its log file, and does not wait for its answers. */
  async launch(): Promise<void> {
    await this.#format();
    if (this.isRunning) throw new Error(`this node runs already, as process ${this.#pid}`);
    const { detached, leaves: folder } = this.#options;
    const log = openSync(this.#logFile, 'a');
    try {
      const child = spawn('java', this.#java('kafka.Kafka', this.#settingsFile), {
        ...{ detached, stdio: ['ignore', log, log], env: javaEnvironment() },
      });
      child.once('error', () => undefined); // seen as a process that is not there
      child.unref();
      if (child.pid === undefined) return;
      writeFileSync(this.#pidFile, `${child.pid}`);
      this.#callOffGuard();
      if (!detached) this.#callOffGuard = guard({ pid: child.pid, mark: this.#settingsFile, folder });
    } finally {
      closeSync(log);
    }
  }

  lastWords(): string {
    if (!existsSync(this.#logFile)) return '(it has logged nothing)';
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  }

  /** Ends it in an orderly way, and resolves when it is gone. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends it on the spot, and resolves when it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Sends a signal, if the process lives, and returns at once: SIGSTOP lets it hang, SIGCONT go on. */
  signal(signal: NodeJS.Signals): void {
    const pid = this.#pid;
    if (pid === undefined) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (this.isRunning) throw error; // or it has ended just now
    }
  }

  /** The live process, or undefined. */
  get #pid(): number | undefined {
    if (!existsSync(this.#pidFile)) return undefined;
    const pid = Number(readFileSync(this.#pidFile, 'utf8'));
    return commandLine(pid).includes(this.#settingsFile) ? pid : undefined;
  }

  /** Ends it with `signal`; one that does not end in ten seconds is killed. */
  async #end(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    const deadline = performance.now() + STOP_TIMEOUT_MS;
    while (this.isRunning) {
      if (performance.now() > deadline) this.signal('SIGKILL');
      await sleep(POLL_MS);
    }
    this.#callOffGuard();
    rmSync(this.#pidFile, { force: true });
  }

  /** Writes the node's settings, and makes its data folder one of this cluster's where it is not yet. */
  async #format(): Promise<void> {
    const { layout, id, ports } = this.#options;
    mkdirSync(this.#folder, { recursive: true });
    const dataFolder = path.join(this.#folder, 'data');
    const isAgain = existsSync(path.join(dataFolder, 'meta.properties'));
    writeFileSync(this.#settingsFile, nodeSettings(layout, { id, ports, dataFolder, isAgain }));
    if (isAgain) return;
    const { username, password } = LOCAL_CREDENTIALS;
    const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((kind) => `${kind}=[name=${username},password=${password}]`);
    const args = ['format', '--cluster-id', CLUSTER_ID, '--config', this.#settingsFile];
    if (layout.security === 'sasl') args.push(...users.flatMap((user) => ['--add-scram', user]));
    await runFile('java', this.#java('kafka.tools.StorageTool', ...args), { env: javaEnvironment() });
  }

  /** Java's arguments: little memory, and quick to start rather than quick in the long run. */
  #java(mainClass: string, ...args: string[]): string[] {
    const { layout, classPath } = this.#options;
    const heapMb = layout.nodes.length === 1 ? HEAP_MB_ALONE : HEAP_MB_OF_SEVERAL;
    const machine = [`-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
    const logSettings = `-Dlog4j.configuration=file:${path.join(sourceFolder, 'log4j.properties')}`;
    return [...machine, logSettings, '-cp', classPath, mainClass, ...args];
  }
}

/** Java reads its command line, and with it the names of files, as the locale says: in one that is not installed, as ASCII. */
function javaEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C.UTF-8' };
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'args=', '-p', `${pid}`], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
