import { ParleyError } from '../wire/error.js';
import type { Channel, MessageOf, Subscribe } from './channels.js';
import { OpenSubscription } from './open-subscription.js';
import { Retries, type RetryOptions } from '../wire/retry.js';
import { type Command, type CommandAnswer, repeatable } from '../commands/commands.js';

/** What of the web's WebSocket is needed. */
export interface SocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

export type MakeSocket = new (url: string) => SocketLike;

export interface ParleySocketOptions {
  /** Where the exchange is: `http://127.0.0.1:7070`. */
  readonly url: string;
  /** API key, where the exchange has keys: it goes in the first message. */
  readonly key?: string | undefined;
  /**
   * Asks on every connection, before anything else, that all the key's participant has open is withdrawn when that connection ends,
   * however it ends, `close` among it; with a key that acts for others, of whom. Where it is refused, nothing is sent, and what waits
   * rejects with that.
   */
  readonly withdrawOnDisconnect?: true | { readonly participant: string } | undefined;
  /** The platform's unless said otherwise. Node has one from version 22 on; before that the package `ws` gives one. */
  readonly WebSocket?: MakeSocket | undefined;
  /** How soon a connection is opened again, and how often in a row at most: without end unless said otherwise. */
  readonly retry?: RetryOptions | undefined;
}

/** A request without its answer. */
interface Pending {
  readonly text: string;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What the server sends: an answer has the id of its request, a message of a stream a channel. */
interface Incoming {
  readonly id?: number;
  readonly status?: number;
  readonly body?: unknown;
  readonly channel?: string;
  readonly type?: string;
  readonly position?: number;
  readonly instrument?: string;
  readonly code?: string;
  readonly detail?: string;
}

/**
 * Commands and streams over one WebSocket, many at a time. It opens its connection when it is first used, and another one whenever that
 * breaks, until it is closed.
 *
 * 1. A command without an answer is sent again on the next connection. Each is made so that it does no more than once: a post by its
 *    client id, a change by its clientCommandId, a withdrawal by itself.
 * 2. A subscription goes on after the last message that its handler was given; a book begins with a snapshot.
 */
export class ParleySocket {
  readonly #options: ParleySocketOptions;
  readonly #retries: Retries;
  readonly #pending = new Map<number, Pending>();
  readonly #subscriptions = new Map<string, OpenSubscription>();
  #socket: SocketLike | undefined;
  #isReady = false;
  #isClosed = false;
  #lastId = 0;

  constructor(options: ParleySocketOptions) {
    this.#options = options;
    this.#retries = new Retries({ attempts: Number.POSITIVE_INFINITY, ...options.retry });
  }

  /**
   * Sends a command; resolves to its answer once that is durable, and rejects with ParleyError where it is refused. `clientCommandId`
   * is filled in where a change has none.
   */
  send<Sent extends Command>(command: Sent): Promise<CommandAnswer<Sent>> {
    return this.#request({ command: repeatable(command) }) as Promise<CommandAnswer<Sent>>; // the AsyncAPI document says so
  }

  /**
   * Hands each message of a stream to the handler, until the function that it resolves to is called. Rejects with ParleyError where it
   * is refused. `onEnded` is told when the server ends it later, and will not have it again.
   */
  async subscribe<Name extends Channel>(
    wish: Subscribe & { readonly channel: Name },
    handler: (message: MessageOf<Name>) => void,
    onEnded: (error: ParleyError) => void = () => undefined,
  ): Promise<() => void> {
    const subscription = new OpenSubscription(wish, handler, onEnded);
    const { key } = subscription;
    if (this.#subscriptions.has(key))
      throw new ParleyError(409, 'ALREADY_SUBSCRIBED', `there is one of ${key} already`);
    this.#subscriptions.set(key, subscription);
    try {
      await this.#ask(subscription);
    } catch (error) {
      this.#subscriptions.delete(key);
      throw error;
    }
    return () => {
      if (!this.#subscriptions.delete(key)) return;
      this.#request({ unsubscribe: subscription.wish }).catch(() => undefined); // with its connection it is gone too
    };
  }

  /** Closes the connection; what has no answer rejects with CLOSED, and its outcome is unknown. */
  close(): void {
    this.#isClosed = true;
    this.#failAll(new ParleyError(0, 'CLOSED', 'the socket was closed before the answer came'));
    this.#subscriptions.clear();
    this.#socket?.close(1000);
  }

  #request(request: object): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new ParleyError(0, 'CLOSED', 'the socket is closed'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const text = JSON.stringify({ id, ...request });
      this.#pending.set(id, { text, resolve, reject });
      if (this.#isReady) this.#socket?.send(text);
      else this.#connect();
    });
  }

  #connect(): void {
    if (this.#socket !== undefined || this.#isClosed) return;
    const { url, key, WebSocket = (globalThis as { WebSocket?: MakeSocket }).WebSocket } = this.#options; // not every platform has one
    if (WebSocket === undefined) {
      this.#failAll(
        new ParleyError(0, 'NO_WEBSOCKET', 'this platform has no WebSocket: give one, such as that of the package ws'),
      );
      return;
    }
    const socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/v1/ws`);
    this.#socket = socket;
    socket.addEventListener('error', () => undefined); // a close follows
    socket.addEventListener('message', ({ data }) => this.#receive(String(data)));
    socket.addEventListener('close', ({ code, reason }) => this.#closed(code, reason));
    socket.addEventListener('open', () => {
      if (key === undefined) this.#admitted();
      else socket.send(JSON.stringify({ id: AUTHENTICATION, authenticate: { key } }));
    });
  }

  #admitted(): void {
    const { withdrawOnDisconnect } = this.#options;
    if (withdrawOnDisconnect === undefined) this.#ready();
    else this.#socket?.send(JSON.stringify({ id: DEPARTURE, withdrawOnDisconnect }));
  }

  /** Takes up what was under way on the last connection. */
  #ready(): void {
    this.#isReady = true;
    for (const { text } of this.#pending.values()) this.#socket?.send(text);
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.isAsked) continue;
      this.#ask(subscription).catch((error: unknown) => {
        this.#subscriptions.delete(subscription.key);
        subscription.onEnded(error as ParleyError); // a request rejects with nothing else
      });
    }
  }

  async #ask(subscription: OpenSubscription): Promise<void> {
    subscription.isAsked = true;
    await this.#request({ subscribe: subscription.wish }).finally(() => (subscription.isAsked = false));
  }

  #receive(text: string): void {
    const incoming = JSON.parse(text) as Incoming; // what the server sends is JSON
    if (incoming.channel !== undefined) this.#handOut(incoming);
    else if (incoming.id === AUTHENTICATION) this.#authenticated(incoming);
    else if (incoming.id === DEPARTURE) this.#departureAnswered(incoming);
    else if (incoming.id !== undefined) this.#answer(incoming.id, incoming);
  }

  #authenticated(answer: Incoming): void {
    this.#retries.reset();
    if (answer.status === 200) this.#admitted();
    else this.#failAll(errorOfAnswer(answer));
  }

  #departureAnswered(answer: Incoming): void {
    this.#retries.reset();
    if (answer.status === 200) {
      this.#ready();
    } else {
      this.#failAll(errorOfAnswer(answer));
      this.#socket?.close(1000);
    }
  }

  #answer(id: number, answer: Incoming): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    this.#retries.reset();
    if (answer.status !== undefined && answer.status < 300) pending.resolve(answer.body);
    else pending.reject(errorOfAnswer(answer));
  }

  #handOut(message: Incoming): void {
    for (const subscription of this.#subscriptions.values()) {
      if (!subscription.isOf(message)) continue;
      if (message.type === 'ended') {
        this.#subscriptions.delete(subscription.key);
        subscription.onEnded(
          new ParleyError(200, message.code ?? 'UNREADABLE', message.detail ?? 'the server ended the stream'),
        );
      } else {
        subscription.take(message);
      }
    }
  }

  #closed(code: number, reason: string): void {
    this.#socket = undefined;
    this.#isReady = false;
    if (this.#isClosed) return;
    const error = new ParleyError(0, 'UNREACHABLE', reason === '' ? `the connection was closed (${code})` : reason);
    if (this.#pending.size === 0 && this.#subscriptions.size === 0) return;
    this.#retries.after(error, undefined).then(
      () => this.#connect(),
      () => this.#failAll(error),
    );
  }

  #failAll(error: ParleyError): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    for (const { onEnded } of this.#subscriptions.values()) onEnded(error);
    this.#subscriptions.clear();
  }
}

/** Requests are numbered from 1. */
const AUTHENTICATION = 0;
const DEPARTURE = -1;

function errorOfAnswer({ status = 0, body }: Incoming): ParleyError {
  const { code = 'UNREADABLE', detail = 'the answer is no problem' } = (body ?? {}) as {
    code?: string;
    detail?: string;
  }; // a problem has both
  return new ParleyError(status, code, detail);
}
