import { createHash, randomBytes } from 'node:crypto';
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';
import type { InstrumentTerms } from '../client/index.js';
import { DEFAULT_IMAGE } from './default-image.js';
import { PORT, StartedParleyContainer } from './started-parley-container.js';

/** Where the image's command looks for keys: without any it would not let others than itself in. */
const KEY_FILE = '/run/secrets/parley-keys';
const KEY_BYTES = 24;
/** A secret, as container engines mount one: the user in the container is another than the one who made it. */
const SECRET_MODE = 0o444;

export interface ListedInstrument extends InstrumentTerms {
  readonly symbol: string;
}

/**
 * An exchange in a container of its own, with an empty log, ready when it has started. It may be started several times: each is a
 * container of its own, with the same keys.
 *
 * ```ts
 * const exchange = await new ParleyContainer()
 *   .withKeys('alice', 'bob')
 *   .withInstruments({ symbol: 'ACME', tickSize: '0.05', lotSize: '1' })
 *   .start();
 * const alice = exchange.client('alice');
 * await exchange.stop();
 * ```
 */
export class ParleyContainer extends GenericContainer {
  private readonly operator = newKey();
  /** By which those that share a topic would let each other in. */
  private readonly clusterKey = newKey();
  private readonly participants = new Map<string, string>();
  private readonly instruments: ListedInstrument[] = [];

  /** `image`: another than the one of this version of the package. */
  constructor(image = DEFAULT_IMAGE) {
    super(image);
    this.withExposedPorts(PORT).withWaitStrategy(Wait.forHttp('/health/ready', PORT, { abortOnContainerExit: true }));
  }

  /** Gives each of these participants a key, which no other container knows. An operator always has one. */
  withKeys(...participants: readonly string[]): this {
    for (const name of participants) if (!this.participants.has(name)) this.participants.set(name, newKey());
    return this;
  }

  /** Has these listed once the exchange has started. */
  withInstruments(...instruments: readonly ListedInstrument[]): this {
    this.instruments.push(...instruments);
    return this;
  }

  /**
   * Keeps its log in Kafka, and so beyond the container: one that is started later goes on where it was. `brokers`: `kafka:9092`, as they
   * are reached from the container, with commas between them; `topic`: what the names of its topics begin with.
   */
  withKafka(brokers: string, topic = 'parley'): this {
    return this.withEnvironment({
      ...{ PARLEY_LOG: 'kafka', PARLEY_BROKERS: brokers, PARLEY_TOPIC: topic },
      PARLEY_CLUSTER_KEY: this.clusterKey,
    });
  }

  /**
   * Starts it and lists its instruments. Rejects with what the engine says; with the last lines of the exchange, where it ends instead of
   * getting ready; with a ParleyError for an instrument that cannot be listed.
   */
  override async start(): Promise<StartedParleyContainer> {
    const { operator, participants, instruments } = this;
    const keys = [
      { sha256: sha256Of(operator), role: 'operator' },
      ...[...participants].map(([participant, key]) => ({ sha256: sha256Of(key), participant })),
    ];
    this.contentsToCopy = this.contentsToCopy.filter(({ target }) => target !== KEY_FILE); // of an earlier start
    this.withCopyContentToContainer([{ content: JSON.stringify({ keys }), target: KEY_FILE, mode: SECRET_MODE }]);
    const container = await super.start().catch((error: unknown) => this.explain(error));
    const started = new StartedParleyContainer(container, { operator, participants });
    try {
      const client = started.client();
      for (const { symbol, ...terms } of instruments) await client.putInstrument(symbol, terms);
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** Why it does not start, where it is that there is no image: that is built, not to be had from a registry. */
  private async explain(cause: unknown): Promise<never> {
    const { image } = await getContainerRuntimeClient();
    if (await image.exists(this.imageName)) throw cause;
    throw new Error(`there is no image ${this.imageName.string}: docker build it, or name the one that you have`, {
      cause,
    });
  }
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

function sha256Of(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
