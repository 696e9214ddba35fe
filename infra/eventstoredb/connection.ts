/**
 * The connection to a server, and for how long a server that does not answer is asked again. It owns two clients:
 *
 * 1. One reads and subscribes. What only reads is asked again until it is answered or patience ends.
 * 2. One appends, each append in a call of its own. The client would rather send all appends of a process over one stream that they
 *    share (`batchAppend`), where the error of one rejects all others and a late answer to one that was rejected throws outside of any
 *    promise; so this client takes its server for one that has no such thing.
 * 3. Both are left for new ones after a call that was taken and never answered: a client holds on to a node that hangs, and only a new
 *    one looks for the node that has taken its place. What is under way on the old ones goes on.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { LogRefusedError, LogUnreachableError } from '../../src/log/port.js';
import { Backoff } from '../../src/resilience/backoff.js';
import { isRefusal, isTransient, isUnanswered } from './failures.js';

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

const FORM = 'esdb://[user:password@]host[:port][,…][?option=value&…]';
const OPTIONS = new Set(
  'tls tlsCAFile tlsVerifyCert userCertFile userKeyFile connectionName defaultDeadline nodePreference maxDiscoverAttempts discoveryInterval gossipTimeout keepAliveInterval keepAliveTimeout throwOnAppendFailure'
    .toLowerCase()
    .split(' '),
);

export interface Clients {
  readonly reading: EventStoreDBClient;
  readonly appending: EventStoreDBClient;
}

export class Connection {
  /** Hosts and ports, without any user. */
  readonly address: string;
  /** The clients of the moment. */
  clients: Clients;
  private readonly closing = new AbortController();

  /** Throws RangeError, in words that tell no password. */
  constructor(
    private readonly connection: string,
    private readonly patienceMs: number,
    /** How long a call that reads may go on without an answer: the client sets no limit. */
    readonly answerMs: number,
  ) {
    this.address = addressOf(connection);
    leaveProxyAside();
    this.clients = clientsOf(connection);
    setMaxListeners(0, this.closed); // each call that is under way listens
  }

  /** Leaves the clients by which a call failed, if it was never answered and nobody has left them yet. */
  leaveIfSilent(clients: Clients, error: unknown): void {
    if (!isUnanswered(error) || clients !== this.clients || this.closed.aborted) return;
    this.clients = clientsOf(this.connection);
    for (const client of [clients.reading, clients.appending]) leave(client);
  }

  /**
   * Does work that may be done twice, and does it again while the server is away. Throws LogUnreachableError when patience ends,
   * LogRefusedError when the server will not have it, and whatever else the work throws.
   */
  async patiently<T>(work: () => Promise<T>): Promise<T> {
    const pauses = this.pauses();
    for (;;) {
      const { clients } = this;
      try {
        return await work();
      } catch (error) {
        this.leaveIfSilent(clients, error);
        if (this.closed.aborted) throw new Error('the log has been closed', { cause: error });
        if (!isTransient(error)) throw this.named(error);
        if (!(await pauses.next())) throw this.unreachable(error);
      }
    }
  }

  unreachable(cause: unknown): LogUnreachableError {
    return new LogUnreachableError(`EventStoreDB at ${this.address} does not answer${reasonOf(cause)}`, { cause });
  }

  /** Ever longer pauses between attempts, until patience ends. */
  pauses(): { next(): Promise<boolean> } {
    const untilMs = Date.now() + this.patienceMs;
    const backoff = new Backoff({ firstMs: FIRST_PAUSE_MS, lastMs: LONGEST_PAUSE_MS });
    return {
      next: async () => {
        const pauseMs = backoff.failed();
        if (Date.now() + pauseMs > untilMs) return false;
        await sleep(pauseMs);
        return true;
      },
    };
  }

  /** The error as the log's users know it. */
  named(error: unknown): unknown {
    if (!isRefusal(error)) return error;
    return new LogRefusedError(`EventStoreDB at ${this.address} refuses${reasonOf(error)}`, { cause: error });
  }

  /** Aborted once it is closed: in the client, what waits for a stream that it cancels waits permanently. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.clients.reading.dispose(), this.clients.appending.dispose()]);
  }
}

function clientsOf(connection: string): Clients {
  const appending = Object.assign(clientOf(connection), { supports: async () => false });
  return { reading: clientOf(connection), appending };
}

/** Nothing new goes by its connection, which ends once what is under way has ended: the client itself never closes it. */
function leave(client: EventStoreDBClient): void {
  const { getChannel } = client as unknown as { getChannel: () => Promise<{ close(): void }> }; // private by its types alone
  getChannel().then(
    (channel) => channel.close(),
    () => undefined, // there is none
  );
}

function clientOf(connection: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connection);
  } catch (error) {
    // What the client's parser says may quote a password.
    const isFile = error instanceof Error && error.message.startsWith('Failed to load');
    throw new RangeError(isFile ? error.message : `the connection to the log is not of the form ${FORM}`);
  }
}

/**
 * gRPC takes the way by a proxy that the environment names even to this machine itself, to which no proxy leads. Besides that it reads
 * the hosts to be reached without one from the first of two variables that is not empty, as here.
 */
function leaveProxyAside(): void {
  const { no_grpc_proxy: own = '', no_proxy: general = '' } = process.env;
  const hosts = (own === '' ? general : own).split(',').filter((host) => host !== '');
  process.env.no_grpc_proxy = [...new Set([...hosts, ...LOOPBACK])].join(',');
}

/** Checked here, because the client prints a connection with an option that it does not know, password and all. */
function addressOf(connection: string): string {
  const match = /^esdb(?:\+discover)?:\/\/([^?]+)(?:\?(.*))?$/.exec(connection.trim());
  if (match === null) throw new RangeError(`the connection to the log is not of the form ${FORM}`);
  const [, authority = '', query = ''] = match;
  for (const name of query.split('&').map((option) => option.replace(/=.*$/, ''))) {
    if (name !== '' && !OPTIONS.has(name.replace(/[_-]/g, '').toLowerCase())) {
      throw new RangeError(`the connection to the log has no option ${name}`);
    }
  }
  return authority.slice(authority.lastIndexOf('@') + 1).replace(/\/+$/, '');
}

/** What the client says, in a line. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const says = cause.message.replaceAll(/\s+/g, ' ').replace(/ Resolution note: $/, '');
  return `: ${says}`;
}
