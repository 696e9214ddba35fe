import { buildApp } from './app.js';
import type { ServerDeps } from './context.js';
import { openHealthDoor } from './doors/health-door.js';
import { type Every, KeyWatch } from './keys/key-watch.js';
import { FileKeyring, type KeyNews, openKeyring } from './keys/keys.js';
import { Stop } from './lifecycle.js';
import { Accepting } from './limits/accepting.js';
import type { SidePort } from './doors/side-port.js';

type App = ReturnType<typeof buildApp>;

export interface ServerOptions extends Omit<ServerDeps, 'keys'> {
  /** 127.0.0.1 unless said otherwise; without a key file it must be this machine’s own. */
  readonly host?: string | undefined;
  /** 7070 unless said otherwise; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Path of the file of API keys. Without one, every caller is an operator. */
  readonly keyFile?: string | undefined;
  /** A port of its own for health, at the same host; 0 takes a free one. */
  readonly healthPort?: number | undefined;
  /** When to look whether the key file has changed: once a second unless said otherwise. */
  readonly lookAtKeys?: Every | undefined;
  /** How long a stop waits for requests to finish before it cuts them. 10,000 unless said otherwise. */
  readonly stopMs?: number | undefined;
  /** How many connections are accepted in a turn of the loop. 1 unless said otherwise. */
  readonly acceptAtOnce?: number | undefined;
}

/** The address that was asked for would let others than this machine in without a key. */
export class OpenToOthersError extends Error {
  readonly code = 'OPEN_TO_OTHERS';
  constructor(host: string) {
    super(
      `without keys the exchange is for this machine alone, so it does not listen on ${host}: give --keys FILE, or no --host`,
    );
    this.name = 'OpenToOthersError';
  }
}

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 7070;
/** Connections that may wait to be accepted: one that finds no room is tried again by its system only after a second, and then after more. */
const BACKLOG = 4_096;
const STOP_MS = 10_000;
const CUT_MS = 1_000;
/** How long what is left to be done for those who were connected may take. */
const LAST_WORK_MS = 5_000;

/** Listens. Rejects with OpenToOthersError, KeyFileError, or what listening throws (EADDRINUSE). */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, logger, lookAtKeys, acceptAtOnce = 1 } = options;
  const fileKeys = await keysFor(options);
  const stop = new Stop();
  const app = buildApp({ ...options, keys: fileKeys ?? openKeyring }, stop);
  const url = await app.listen({ host, port, backlog: BACKLOG });
  if (fileKeys === undefined) logger.warn({ url }, 'listening without keys: every caller is an operator');
  else logger.info({ url, keys: fileKeys.size }, 'listening');
  const health = options.healthPort === undefined ? undefined : await openHealth(app, host, options.healthPort);
  const keys = fileKeys === undefined ? undefined : new KeyWatch(fileKeys, logger);
  keys?.start(lookAtKeys);
  const accepting = new Accepting(app.server);
  if (acceptAtOnce > 1) {
    void accepting.add(acceptAtOnce - 1).then(() => {
      const atOnce = 1 + accepting.size;
      if (atOnce < acceptAtOnce && !stop.stopping.aborted)
        logger.warn({ atOnce }, 'fewer connections are accepted at once');
    });
  }
  return new Running({ app, url, options, stop, keys, health, accepting });
}

async function openHealth(app: App, host: string, port: number): Promise<SidePort> {
  try {
    return await openHealthDoor(app, { host, port });
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** The keys by which callers are let in; none where nobody but this machine can call. Rejects with OpenToOthersError or KeyFileError. */
export async function keysFor({
  host = DEFAULT_HOST,
  keyFile,
}: Pick<ServerOptions, 'host' | 'keyFile'>): Promise<FileKeyring | undefined> {
  if (keyFile === undefined && !isLoopback(host)) throw new OpenToOthersError(host);
  return keyFile === undefined ? undefined : FileKeyring.load(keyFile);
}

interface RunningParts {
  readonly app: App;
  readonly url: string;
  readonly options: ServerOptions;
  readonly stop: Stop;
  readonly keys: KeyWatch | undefined;
  readonly health: SidePort | undefined;
  readonly accepting: Accepting;
}

/** A server that listens. */
export type RunningServer = Pick<Running, keyof Running>;

class Running {
  /** `http://127.0.0.1:7070` */
  readonly url: string;
  readonly port: number;
  /** Undefined where none was asked for. */
  readonly healthPort: number | undefined;
  /** Resolves when it has stopped, for whatever reason. */
  readonly stopped: Promise<void>;
  #settle: (how: Promise<void>) => void = () => undefined;

  constructor(private readonly parts: RunningParts) {
    this.url = parts.url;
    this.port = Number(new URL(parts.url).port);
    this.healthPort = parts.health?.port;
    this.stopped = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Takes no more connections, is not ready, ends its feeds, lets requests finish, withdraws for those who asked for that, then closes the exchange. Once is enough. */
  stop(): Promise<void> {
    const { stop, keys } = this.parts;
    if (!stop.stopping.aborted) {
      stop.begin();
      keys?.end();
      this.#settle(this.#finish());
    }
    return this.stopped;
  }

  /** Reads the key file again, where there is one. Rejects with KeyFileError, and then the keys stay as they were. */
  async reloadKeys(): Promise<KeyNews | undefined> {
    return this.parts.keys?.reload();
  }

  async #finish(): Promise<void> {
    const { app, stop, health, accepting, options } = this.parts;
    const { exchange, stopMs = STOP_MS } = options;
    const cut = setTimeout(() => stop.cut(), stopMs);
    const force = setTimeout(() => app.server.closeAllConnections(), stopMs + CUT_MS);
    try {
      await Promise.all([app.close(), accepting.close()]);
    } finally {
      clearTimeout(cut);
      clearTimeout(force);
      await stop.done(LAST_WORK_MS);
      await health?.close();
      await exchange.close();
    }
  }
}

/** Addresses that only this machine reaches. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
