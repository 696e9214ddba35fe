/**
 * A real Kafka on this machine without containers: Apache Kafka's own jars, run with Java, on loopback. For tests and for trying
 * things out; never for data that matter.
 *
 * 1. Every node is broker and controller in one, and has a folder of its own with its settings, its log and its data.
 * 2. A node keeps its ports and its data however often it is killed and started again.
 * 3. What `stop` was called on has no process left. A folder that was named by the caller keeps its data; one that was not is removed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kafkaClassPath } from './installation.js';
import { type Layout, layOut, type LayoutWishes, readLayout } from './layout.js';
import { LocalKafkaNode } from './local-node.js';
import { whenAllCount } from './readiness.js';

export interface LocalKafkaOptions extends LayoutWishes {
  /** Kept, with its data, when Kafka is stopped; the data of one that was used before are used again. Without it: a temporary one. */
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
    const leaves = keep ? undefined : layout.folder;
    const options = { layout, classPath, detached, leaves };
    this.nodes = layout.nodes.map((ports, at) => new LocalKafkaNode({ ...options, id: at + 1, ports }));
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
    await whenAllCount(this.nodes);
  }

  async stop(): Promise<void> {
    // A node that waits for a majority takes long to end; where the data are thrown away there is nothing to wait for.
    await Promise.all(this.nodes.map((node) => (this.#keep ? node.stop() : node.kill())));
    if (!this.#keep) this.remove();
  }

  /** Removes the folder with the data. Only after `stop`. */
  remove(): void {
    rmSync(this.#layout.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
