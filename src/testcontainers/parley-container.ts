import { createHash, randomBytes } from 'node:crypto';
import { GenericContainer, Wait } from 'testcontainers';
import type { InstrumentTerms } from '../client/index.js';
import { PORT, StartedParleyContainer } from './started-parley-container.js';

/** As infra/deploy builds it. */
export const DEFAULT_IMAGE = 'parley:0.1.0';

/** Where the image's command looks for keys: without any it would not let others than itself in. */
const KEY_FILE = '/run/secrets/parley-keys';
const KEY_BYTES = 24;
/** A secret, as container engines mount one: the user in the container is another than the one who made it. */
const SECRET_MODE = 0o444;

export interface ListedInstrument extends InstrumentTerms {
  readonly symbol: string;
}

/**
 * An exchange in a container of its own, with an empty log, ready when it has started.
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
  private readonly participants = new Map<string, string>();
  private readonly instruments: ListedInstrument[] = [];

  /** `image`: another than the one of this version of the package. */
  constructor(image = DEFAULT_IMAGE) {
    super(image);
    this.withExposedPorts(PORT).withWaitStrategy(Wait.forHttp('/health/ready', PORT));
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

  /** Starts it and lists its instruments. Rejects with what the engine says, or with a ParleyError for an instrument that cannot be listed. */
  override async start(): Promise<StartedParleyContainer> {
    const { operator, participants, instruments } = this;
    const keys = [
      { sha256: sha256Of(operator), role: 'operator' },
      ...[...participants].map(([participant, key]) => ({ sha256: sha256Of(key), participant })),
    ];
    this.withCopyContentToContainer([{ content: JSON.stringify({ keys }), target: KEY_FILE, mode: SECRET_MODE }]);
    const started = new StartedParleyContainer(await super.start(), { operator, participants });
    try {
      const client = started.client();
      for (const { symbol, ...terms } of instruments) await client.putInstrument(symbol, terms);
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

function sha256Of(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
