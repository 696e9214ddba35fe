/** A broker of Kafka, which is a controller too, as a container. */
import { kafkaEnvironment, settingsOfNodes } from '../../../infra/kafka/local/node-settings.js';
import type { ContainerRecipe } from './container.js';

export const BROKERS = 3;
const FIRST_NUMBER = 11;
const CLUSTER_ID = 'cGFybGV5LWNyYXNoZXMtMQ';
const MEMORY = '768m';
/** The broker’s disk: enough for a long run. */
export const BROKER_DISK_MEBIBYTES = 512;

export interface BrokerPlace {
  /** Counted from 1. */
  readonly id: number;
  /** On 127.0.0.1, for a judge. */
  readonly port: number;
  readonly volume: string;
  readonly image: string;
}

export function brokerRole(id: number): string {
  return `kafka-${id}`;
}

/** Where brokers and exchanges reach it. */
export function internalAddress(id: number): string {
  return `${brokerRole(id)}.brokers:9092`;
}

export function brokerRecipe({ id, port, volume, image }: BrokerPlace): ContainerRecipe {
  const limits = ['--memory', MEMORY, '--memory-swap', MEMORY];
  return {
    role: brokerRole(id),
    number: FIRST_NUMBER + id,
    networks: ['control', 'brokers'],
    image,
    options: [
      ...['--restart', 'always', ...limits, '--publish', `127.0.0.1:${port}:19092`],
      ...['--volume', `${volume}:/var/lib/kafka/data`],
      ...Object.entries(environment(id, port)).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ],
    command: [],
  };
}

function environment(id: number, port: number): Readonly<Record<string, string>> {
  const ids = Array.from({ length: BROKERS }, (_, at) => at + 1);
  const settings: Record<string, string | number | boolean> = {
    'node.id': id,
    'process.roles': 'broker,controller',
    'controller.quorum.voters': ids.map((each) => `${each}@${brokerRole(each)}.brokers:9093`).join(','),
    listeners: 'INTERNAL://:9092,EXTERNAL://:19092,CONTROLLER://:9093',
    'advertised.listeners': `INTERNAL://${internalAddress(id)},EXTERNAL://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': '/var/lib/kafka/data',
    ...settingsOfNodes(BROKERS),
  };
  return { CLUSTER_ID, KAFKA_HEAP_OPTS: '-Xms192m -Xmx384m', ...kafkaEnvironment(settings) };
}
