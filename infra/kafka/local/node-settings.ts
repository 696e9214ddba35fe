import path from 'node:path';
import { type Layout, LOCAL_CREDENTIALS, type NodePorts } from './layout.js';

/** The same for all: local Kafkas differ by their ports. */
export const CLUSTER_ID = 'cGFybGV5LWxvY2FsLWthZg';

const LOOPBACK = '127.0.0.1';

/** Of one that is alone nobody takes over, so that it need not be missed, however long it stands still. */
const SESSION_ALONE_MS = 60_000;
/** One that was killed is taken back once its former session has run out. */
const SESSION_ALONE_AGAIN_MS = 1_500;
/** Kafka's own default: a shorter one takes those of a busy machine for dead, which are late with their heartbeats and nothing else. */
const SESSION_OF_SEVERAL_MS = 9_000;

export interface NodeToSet {
  /** Counted from 1. */
  readonly id: number;
  readonly ports: NodePorts;
  readonly dataFolder: string;
  /** It has run before, with these data. */
  readonly isAgain: boolean;
}

/** Kafka's `server.properties` for a node: broker and controller in one. */
export function nodeSettings(layout: Layout, { id, ports, dataFolder, isAgain }: NodeToSet): string {
  const count = layout.nodes.length;
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': layout.nodes.map((node, at) => `${at + 1}@${LOOPBACK}:${node.controller}`).join(','),
    'log.dirs': path.resolve(dataFolder),
    ...listenerSettings(layout, ports),
    ...replicationSettings(count),
    ...SMALL_AND_QUICK,
    'broker.session.timeout.ms':
      count > 1 ? SESSION_OF_SEVERAL_MS : isAgain ? SESSION_ALONE_AGAIN_MS : SESSION_ALONE_MS,
    ...layout.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escaped(String(value))}\n`)
    .join('');
}

/** Java reads such files as Latin-1. */
function escaped(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function listenerSettings({ security }: Layout, ports: NodePorts): Record<string, string> {
  const listeners: [name: string, protocol: string, port: number, advertised?: number][] = [
    ['CLIENT', security === 'sasl' ? 'SASL_PLAINTEXT' : 'PLAINTEXT', ports.client, ports.client],
    ['INTERNAL', 'PLAINTEXT', ports.internal, ports.internal],
    ['CONTROLLER', 'PLAINTEXT', ports.controller],
  ];
  if (ports.proxy !== undefined) listeners.push(['PROXIED', 'PLAINTEXT', ports.behindProxy, ports.proxy]);
  return {
    listeners: listeners.map(([name, , port]) => `${name}://${LOOPBACK}:${port}`).join(','),
    'advertised.listeners': listeners
      .flatMap(([name, , , advertised]) => (advertised === undefined ? [] : [`${name}://${LOOPBACK}:${advertised}`]))
      .join(','),
    'listener.security.protocol.map': listeners.map(([name, protocol]) => `${name}:${protocol}`).join(','),
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    ...(security === 'sasl' && SASL_SETTINGS),
  };
}

const SCRAM_MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

const SASL_SETTINGS = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.client.plain.sasl.jaas.config':
    'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
    `user_${LOCAL_CREDENTIALS.username}="${LOCAL_CREDENTIALS.password}";`,
  'listener.name.client.scram-sha-256.sasl.jaas.config': SCRAM_MODULE,
  'listener.name.client.scram-sha-512.sasl.jaas.config': SCRAM_MODULE,
};

/** With three nodes one may be lost; with fewer, none. */
function replicationSettings(count: number): Record<string, number> {
  const replicas = Math.min(count, 3);
  const inSync = count < 3 ? 1 : 2;
  return {
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 4,
  };
}

/** Of as many nodes that are small and quick, whatever starts them: where they listen and what they are is said elsewhere. */
export function settingsOfNodes(count: number): Readonly<Record<string, string | number | boolean>> {
  const session = count > 1 ? SESSION_OF_SEVERAL_MS : SESSION_ALONE_MS;
  return { ...replicationSettings(count), ...SMALL_AND_QUICK, 'broker.session.timeout.ms': session };
}

/** As images take settings: `node.id` is KAFKA_NODE_ID. */
export function kafkaEnvironment(
  settings: Readonly<Record<string, string | number | boolean>>,
): Readonly<Record<string, string>> {
  const named = Object.entries(settings).map(
    ([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, String(value)] as const,
  );
  return Object.fromEntries(named);
}

const SMALL_AND_QUICK = {
  'auto.create.topics.enable': false,
  'group.initial.rebalance.delay.ms': 0,
  // Sessions of consumers may be short, so that tests need not wait for the dead.
  'group.min.session.timeout.ms': 1_000,
  'broker.heartbeat.interval.ms': 500,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  // Its default, 128 MB, does not fit the small heap.
  'log.cleaner.dedupe.buffer.size': 8_388_608,
};
