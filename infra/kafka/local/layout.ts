/**
 * The parts of a local Kafka, as `kafka.json` in its folder has them: enough to start it again with the same data and the same
 * addresses, and to find the processes that run it.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePorts } from './ports.js';

/** Ports of one node on 127.0.0.1. */
export interface NodePorts {
  /** For clients, with whatever security was asked for. */
  readonly client: number;
  /** For the other nodes and for looking after the node; without security. */
  readonly internal: number;
  readonly controller: number;
  /** For a proxy to forward to; without security. Only where `proxy` is given. */
  readonly behindProxy: number;
  /** Where clients of the proxy are sent: the proxy's own port. */
  readonly proxy?: number;
}

export interface Layout {
  readonly folder: string;
  readonly security: 'none' | 'sasl';
  readonly nodes: readonly NodePorts[];
  /** Kafka's own settings, over those of node-settings.ts. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface LayoutWishes {
  readonly nodes?: number;
  /** Ports for clients, one a node. */
  readonly ports?: readonly number[];
  /** `sasl`: clients have to name themselves, by PLAIN or SCRAM, as LOCAL_CREDENTIALS. */
  readonly security?: 'none' | 'sasl';
  /** Ports at which proxies listen, one a node: a client that connects through one stays on it. */
  readonly proxyPorts?: readonly number[];
  readonly settings?: Readonly<Record<string, string>>;
}

const LAYOUT_FILE = 'kafka.json';
const PORTS_A_NODE = 4;

/** Who may come to a local Kafka with `security: 'sasl'`. Not a secret: it listens on loopback, and holds test data. */
export const LOCAL_CREDENTIALS = { username: 'parley', password: 'parley-local' } as const;

export function readLayout(folder: string): Layout | undefined {
  const file = path.join(folder, LAYOUT_FILE);
  if (!existsSync(file)) return undefined;
  return { ...(JSON.parse(readFileSync(file, 'utf8')) as Layout), folder }; // what writeLayout wrote
}

/** The layout that `folder` has already, as far as `wishes` leave it, or a new one. Throws where the data are of another one. */
export async function layOut(folder: string, wishes: LayoutWishes): Promise<Layout> {
  const before = readLayout(folder);
  const count = wishes.nodes ?? before?.nodes.length ?? wishes.ports?.length ?? 1;
  if (before !== undefined && before.nodes.length !== count) {
    throw new Error(`${folder} holds the data of ${before.nodes.length} node(s), not of ${count}`);
  }
  const layout: Layout = {
    folder,
    security: wishes.security ?? before?.security ?? 'none',
    nodes:
      before === undefined ? await newNodes(count, wishes) : before.nodes.map((ports, at) => wished(ports, wishes, at)),
    settings: wishes.settings ?? before?.settings ?? {},
  };
  writeLayout(layout);
  return layout;
}

async function newNodes(count: number, wishes: LayoutWishes): Promise<NodePorts[]> {
  const free = await freePorts(count * PORTS_A_NODE);
  return Array.from({ length: count }, (_, at) => {
    const [client = 0, internal = 0, controller = 0, behindProxy = 0] = free.slice(at * PORTS_A_NODE);
    return wished({ client, internal, controller, behindProxy }, wishes, at);
  });
}

function wished(ports: NodePorts, wishes: LayoutWishes, at: number): NodePorts {
  const client = wishes.ports?.[at] ?? ports.client;
  const proxy = wishes.proxyPorts?.[at] ?? ports.proxy;
  return { ...ports, client, ...(proxy !== undefined && { proxy }) };
}

function writeLayout(layout: Layout): void {
  mkdirSync(layout.folder, { recursive: true });
  const file = path.join(layout.folder, LAYOUT_FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(layout, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}
