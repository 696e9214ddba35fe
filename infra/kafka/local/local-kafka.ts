/**
 * A real Kafka on this machine without containers: Apache Kafka's own jars, run with Java, on loopback. For tests and for trying
 * things out; never for data that matter.
 *
 * 1. Every node is broker and controller in one, and has a folder of its own with its settings, its log and its data.
 * 2. A node keeps its ports and its data however often it is killed and started again.
 * 3. What `stop` was called on has no process left. A folder that was named by the caller keeps its data; one that was not is removed.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { kafkaClassPath, sourceFolder } from './installation.js';
import { type Layout, layOut, type LayoutWishes, LOCAL_CREDENTIALS, type NodePorts, readLayout } from './layout.js';
import { javaArguments, javaEnvironment, type JavaProgram, type Life, NodeProcess } from './node-process.js';
import { CLUSTER_ID, nodeSettings } from './node-settings.js';
import { whenAllCount } from './readiness.js';

const runFile = promisify(execFile);

/** Far beyond what it takes a slow machine under load. */
const START_TIMEOUT_MS = 240_000;
const HEAP_MB_ALONE = 512;
const HEAP_MB_OF_SEVERAL = 320;

export interface LocalKafkaOptions extends LayoutWishes {
  /** Kept, with its data, when Kafka is stopped; one that was used before is gone on with. Without it: a temporary one. */
  readonly folder?: string;
  /** Let it outlive this process. Otherwise it ends with it, however it ends. */
  readonly detached?: boolean;
}

/** Starts a Kafka and resolves when all its nodes answer. Throws MissingToolError where this machine cannot run one. */
export async function startLocalKafka(options: LocalKafkaOptions = {}): Promise<LocalKafka> {
  const classPath = await kafkaClassPath();
  const folder = options.folder ?? mkdtempSync(path.join(os.tmpdir(), 'parley-kafka-'));
  const kafka = new LocalKafka(await layOut(folder, options), classPath, {
    detached: options.detached ?? false,
    keep: options.folder !== undefined,
  });
  try {
    await kafka.start();
    return kafka;
  } catch (error) {
    await kafka.stop();
    throw error;
  }
}

/** The Kafka in `folder`, which another process may have started, or undefined when there is none. */
export function localKafkaIn(folder: string): LocalKafka | undefined {
  const layout = readLayout(folder);
  return layout === undefined ? undefined : new LocalKafka(layout, '', { detached: true, keep: true });
}

export class LocalKafka {
  readonly nodes: readonly LocalKafkaNode[];
  readonly #layout: Layout;
  readonly #keep: boolean;

  constructor(layout: Layout, classPath: string, { detached, keep }: { detached: boolean; keep: boolean }) {
    this.#layout = layout;
    this.#keep = keep;
    const life: Life = detached ? { outlives: true } : { outlives: false, ...(!keep && { leaves: layout.folder }) };
    this.nodes = layout.nodes.map((ports, at) => new LocalKafkaNode(layout, at + 1, ports, classPath, life));
  }

  /** Addresses for clients, `host:port`. */
  get brokers(): string[] {
    return this.#layout.nodes.map(({ client }) => `127.0.0.1:${client}`);
  }

  /** Addresses, `host:port`, that proxies at the `proxyPorts` must forward to, one a node. Empty when none were asked for. */
  get behindProxies(): string[] {
    return this.#layout.nodes.flatMap(({ proxy, behindProxy }) =>
      proxy === undefined ? [] : [`127.0.0.1:${behindProxy}`],
    );
  }

  get isRunning(): boolean {
    return this.nodes.every((node) => node.isRunning);
  }

  /** The node with this number, counted from 1, which is Kafka's node id. */
  node(id: number): LocalKafkaNode {
    const node = this.nodes[id - 1];
    if (node === undefined) throw new RangeError(`there are ${this.nodes.length} nodes, and no node ${id}`);
    return node;
  }

  /** Resolves when every node counts all of them among the cluster's brokers: whichever is asked first, topics get all their copies. */
  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.launch()));
    await whenCounted(this.nodes);
  }

  async stop(): Promise<void> {
    // A node that waits for a majority takes long to end; where the data are thrown away there is nothing to wait for.
    await Promise.all(this.nodes.map((node) => (this.#keep ? node.stop() : node.kill('SIGKILL'))));
    if (!this.#keep) this.remove();
  }

  /** Removes the folder with the data. Only after `stop`. */
  remove(): void {
    rmSync(this.#layout.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Resolves when each of these nodes counts all of them. Throws where one has ended, or they take longer than any machine needs. */
async function whenCounted(nodes: readonly LocalKafkaNode[]): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  await whenAllCount({
    addresses: nodes.map(({ internalAddress }) => internalAddress),
    ids: nodes.map(({ id }) => id),
    check: () => {
      const ended = nodes.find(({ isRunning }) => !isRunning);
      if (ended !== undefined) throw new Error(`Kafka’s node ${ended.id} has ended:\n${ended.lastWords()}`);
      if (performance.now() > deadline)
        throw new Error(`Kafka does not answer:\n${nodes.map((node) => node.lastWords()).join('\n')}`);
    },
  });
}

export class LocalKafkaNode {
  /** Counted from 1. */
  readonly id: number;
  readonly #layout: Layout;
  readonly #ports: NodePorts;
  readonly #program: Omit<JavaProgram, 'mainClass' | 'args'>;
  readonly #life: Life;
  readonly #folder: string;
  readonly #process: NodeProcess;

  constructor(layout: Layout, id: number, ports: NodePorts, classPath: string, life: Life) {
    this.#layout = layout;
    this.id = id;
    this.#ports = ports;
    this.#life = life;
    this.#folder = path.join(layout.folder, `node-${id}`);
    this.#process = new NodeProcess(this.#folder);
    const heapMb = layout.nodes.length === 1 ? HEAP_MB_ALONE : HEAP_MB_OF_SEVERAL;
    this.#program = { heapMb, classPath, logSettings: path.join(sourceFolder, 'log4j.properties') };
  }

  get isRunning(): boolean {
    return this.#process.pid !== undefined;
  }

  /** Resolves when the node answers and counts itself among the cluster's brokers: which takes a majority of the nodes. */
  async start(): Promise<void> {
    await this.launch();
    await whenCounted([this]);
  }

  /** Starts its process, and does not wait for its answers. */
  async launch(): Promise<void> {
    await this.#format();
    const args = [this.#process.settingsFile];
    this.#process.start({ ...this.#program, mainClass: 'kafka.Kafka', args }, this.#life);
  }

  /** Where the others reach it. */
  get internalAddress(): string {
    return `127.0.0.1:${this.#ports.internal}`;
  }

  /** What it wrote last. */
  lastWords(): string {
    return this.#process.lastWords();
  }

  /** Ends it in an orderly way, and resolves when it is gone. */
  stop(): Promise<void> {
    return this.#process.end('SIGTERM');
  }

  /** SIGKILL ends it on the spot, and this resolves when it is gone. Others are sent: SIGSTOP lets it hang, SIGCONT go on. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (signal === 'SIGKILL') await this.#process.end(signal);
    else this.signal(signal);
  }

  /** Sends a signal and returns at once. */
  signal(signal: NodeJS.Signals): void {
    this.#process.signal(signal);
  }

  /** Writes the node's settings, and makes its data folder one of this cluster's where it is not yet. */
  async #format(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    const { settingsFile } = this.#process;
    const dataFolder = path.join(this.#folder, 'data');
    const isAgain = existsSync(path.join(dataFolder, 'meta.properties'));
    writeFileSync(settingsFile, nodeSettings(this.#layout, { id: this.id, ports: this.#ports, dataFolder, isAgain }));
    if (isAgain) return;
    const { username, password } = LOCAL_CREDENTIALS;
    const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((kind) => `${kind}=[name=${username},password=${password}]`);
    const args = ['format', '--cluster-id', CLUSTER_ID, '--config', settingsFile];
    if (this.#layout.security === 'sasl') args.push(...users.flatMap((user) => ['--add-scram', user]));
    const arguments_ = javaArguments({ ...this.#program, mainClass: 'kafka.tools.StorageTool', args });
    await runFile('java', arguments_, { env: javaEnvironment() });
  }
}
