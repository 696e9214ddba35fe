import { AbstractStartedContainer, type StartedTestContainer } from 'testcontainers';
import { ParleyClient, type ParleyClientOptions } from '../client/index.js';

/** Where the exchange listens in its container. */
export const PORT = 7070;

/** What a client is made with beside the address and the key. */
export type ClientOfContainer = Omit<ParleyClientOptions, 'url' | 'key'>;

/** The keys that an exchange in a container knows. */
export interface ContainerKeys {
  readonly operator: string;
  /** By the participants' names. */
  readonly participants: ReadonlyMap<string, string>;
}

/** An exchange that runs in a container. */
export class StartedParleyContainer extends AbstractStartedContainer {
  constructor(
    container: StartedTestContainer,
    private readonly known: ContainerKeys,
  ) {
    super(container);
  }

  /** `http://localhost:49153`; another one after `restart`. */
  get url(): string {
    return `http://${this.getHost()}:${this.getMappedPort(PORT)}`;
  }

  /** The operator's key. */
  get operatorKey(): string {
    return this.known.operator;
  }

  /** A participant's key. Throws RangeError for one that `withKeys` did not name. */
  keyOf(participant: string): string {
    const key = this.known.participants.get(participant);
    if (key === undefined) throw new RangeError(`${participant} has no key: name it in withKeys`);
    return key;
  }

  /** A client with a participant's key; with the operator's where none is named. */
  client(participant?: string, options: ClientOfContainer = {}): ParleyClient {
    const key = participant === undefined ? this.operatorKey : this.keyOf(participant);
    return new ParleyClient({ ...options, url: this.url, key });
  }
}
