import type { ExchangeCommands } from './commands.js';
import type { EventFilter, LogEvent } from './log-events.js';
import type { ExchangeReads } from './reads.js';
import type { Logger } from '../resilience/logger.js';

/** Where the log is: in a folder, which is made where there is none, or in memory, where it ends with the exchange. */
export type Where =
  { readonly data: string; readonly memory?: undefined } | { readonly memory: true; readonly data?: undefined };

export type ExchangeOptions = Where & {
  /** Hears what an operator should know; nobody does unless said otherwise. A pino logger is one. */
  readonly logger?: Logger | undefined;
};

export interface ListenOptions {
  /** A free one unless said otherwise. */
  readonly port?: number | undefined;
  /** 127.0.0.1 unless said otherwise; without a key file it must be this machine's own. */
  readonly host?: string | undefined;
  /** The file of API keys. Without one, every caller is an operator. */
  readonly keyFile?: string | undefined;
  /** Shows browsers the page at its address: to look at what a test or a program has come to. Not unless said so. */
  readonly page?: boolean | undefined;
}

export interface Listening {
  /** `http://127.0.0.1:41234` */
  readonly url: string;
  readonly port: number;
}

/** An exchange of one shard in this process: what `parley serve` is, with the functions of this object in the place of HTTP. */
export interface ExchangeInProcess extends ExchangeCommands, ExchangeReads {
  /**
   * The events of the log in order, live, without end: each once it is durable; only what is new where no `from` is given. Ends when the
   * signal aborts, the loop is left or the exchange is closed.
   */
  events(
    filter?: EventFilter & { readonly signal?: AbortSignal | undefined },
  ): AsyncGenerator<LogEvent, void, undefined>;
  /** The events that are durable now, in order; from the beginning where no `from` is given. */
  eventsSoFar(filter?: EventFilter): Promise<readonly LogEvent[]>;
  /**
   * Resolves once nothing is under way: all that the exchange was asked for until now is done and durable, and every read shows it. What
   * has been sent to its server and has not arrived is not among it. Rejects when the log fails.
   */
  quiet(): Promise<void>;
  /**
   * Serves the HTTP interface until the exchange is closed; once is enough. Rejects with errors whose `code` is OPEN_TO_OTHERS, for a key
   * file that cannot be used, or what listening comes to (EADDRINUSE).
   */
  listen(options?: ListenOptions): Promise<Listening>;
  /** Ends the server, if there is one, commits what is open and closes the log. */
  close(): Promise<void>;
}
