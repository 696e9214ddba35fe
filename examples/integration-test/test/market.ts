/** All that the program trades on, in containers on a network of their own: an exchange, the Kafka that has its log, a proxy before it. */
import { ParleyContainer, type StartedParleyContainer } from 'parley-exchange/testcontainers';
import { GenericContainer, Network, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';
import { Proxy } from './proxy.js';

const PARLEY_IMAGE = process.env.PARLEY_IMAGE ?? 'parley:0.1.0';
const KAFKA_IMAGE = process.env.KAFKA_IMAGE ?? 'apache/kafka:4.0.1';

export class Market {
  private constructor(
    private readonly network: StartedNetwork,
    private readonly kafka: StartedTestContainer,
    private readonly planned: ParleyContainer,
    /** The exchange as those reach it whom nothing cuts off. */
    public exchange: StartedParleyContainer,
    readonly proxy: Proxy,
  ) {}

  static async start(): Promise<Market> {
    const network = await new Network().start();
    const kafka = await plannedKafka().withNetwork(network).start();
    const planned = new ParleyContainer(PARLEY_IMAGE)
      .withNetwork(network)
      .withNetworkAliases('exchange')
      .withKafka('kafka:9092')
      .withKeys('buyer', 'seller')
      .withStartupTimeout(180_000);
    const [exchange, proxy] = await Promise.all([planned.start(), Proxy.start(network, 'exchange', 7070)]);
    return new Market(network, kafka, planned, exchange, proxy);
  }

  /** Kills the exchange and removes its container, as when a machine is lost, and starts another in its place. */
  async replaceExchange(): Promise<void> {
    await this.exchange.stop();
    this.exchange = await this.planned.start();
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.exchange.stop();
    await this.kafka.stop();
    await this.network.stop();
  }
}

/** One broker, which only the containers on its network reach. */
function plannedKafka(): GenericContainer {
  return new GenericContainer(KAFKA_IMAGE)
    .withNetworkAliases('kafka')
    .withEnvironment({
      CLUSTER_ID: 'cGFybGV5LWludGVncmF0aW',
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://localhost:9093',
      KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://kafka:9092',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      // A busy machine may keep the broker from its heartbeats, and nobody takes its place.
      KAFKA_BROKER_SESSION_TIMEOUT_MS: '60000',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    })
    .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
    .withStartupTimeout(180_000);
}
