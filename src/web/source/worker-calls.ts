/**
 * Calls of what a worker does, over its messages: a number and a name with arguments there, and its progress, its value or its error back.
 * Whoever gives a call up is done with it at once; the worker hears of it, and stops as soon as it can.
 */
import { ParleyError } from '../../client/wire/error.js';
import { asError, errorCode } from '../../log/message-of.js';

/** What can be called: by name, the arguments and the value, both of which structured clones carry. */
export type Methods = Readonly<Record<string, { readonly args: readonly unknown[]; readonly value: unknown }>>;

/** How far a call has come: of `total`, where that is known. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** A worker, or the side of one that its messages come to. */
export interface CallPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'error' | 'messageerror', listener: (event: unknown) => void): void;
}

interface Failed {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

type Asked =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'cancel'; readonly id: number };

type Answered =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: Failed };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

export interface CallWays {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** The side that calls. */
export class WorkerCalls<Called extends { readonly [Name in keyof Called]: Methods[string] }> {
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;

  constructor(private readonly port: CallPort) {
    port.addEventListener('message', (event) => this.hear((event as { data: Answered }).data)); // the other side sends no others
    for (const trouble of ['error', 'messageerror'] as const) {
      port.addEventListener(trouble, (event) => this.fail(saidBy(event)));
    }
  }

  /** Rejects with ParleyError as the worker does, or at once with the signal's reason. */
  call<Name extends keyof Called & string>(
    name: Name,
    args: Called[Name]['args'],
    { signal, onProgress }: CallWays = {},
  ): Promise<Called[Name]['value']> {
    const id = this.calls++;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const cancel = (): void => {
        if (!this.waiting.delete(id)) return;
        this.send({ kind: 'cancel', id });
        reject(asError(signal?.reason));
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const over = (): void => signal?.removeEventListener('abort', cancel);
      this.waiting.set(id, {
        resolve: (value) => (over(), resolve(value)),
        reject: (reason) => (over(), reject(asError(reason))),
        onProgress,
      });
      this.send({ kind: 'call', id, name, args });
    });
  }

  /** Nothing that waits is answered any more: each is rejected. */
  fail(why: string): void {
    for (const { reject } of this.waiting.values()) reject(new ParleyError(0, 'WORKER_FAILED', why));
    this.waiting.clear();
  }

  private send(message: Asked): void {
    this.port.postMessage(message);
  }

  private hear(answer: Answered): void {
    const waiting = this.waiting.get(answer.id);
    if (waiting === undefined) return;
    if (answer.kind === 'progress') {
      waiting.onProgress?.(answer.progress);
      return;
    }
    this.waiting.delete(answer.id);
    if (answer.kind === 'value') waiting.resolve(answer.value);
    else waiting.reject(new ParleyError(answer.error.status, answer.error.code, answer.error.detail));
  }
}

function saidBy(event: unknown): string {
  const said = typeof event === 'object' && event !== null && 'message' in event ? event.message : undefined;
  return typeof said === 'string' && said !== '' ? said : 'the worker stopped';
}

/** What a handler is called with beside its arguments. */
export interface Handling {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

/** What is called, by name. */
export type Handlers<Called extends { readonly [Name in keyof Called]: Methods[string] }> = {
  readonly [Name in keyof Called]: (
    args: Called[Name]['args'],
    handling: Handling,
  ) => Promise<Called[Name]['value']> | Called[Name]['value'];
};

/** Progress is told no more often. */
const PROGRESS_MS = 50;

/** The side that is called: answers what comes to a port, permanently. */
export function serveCalls<Called extends { readonly [Name in keyof Called]: Methods[string] }>(
  port: CallPort,
  handlers: Handlers<Called>,
): void {
  const running = new Map<number, AbortController>();
  const send = (message: Answered): void => port.postMessage(message);
  const handle = async ({ id, name, args }: Extract<Asked, { kind: 'call' }>): Promise<void> => {
    const over = new AbortController();
    running.set(id, over);
    let toldMs = 0;
    const progress = (done: number, total: number): void => {
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_MS || over.signal.aborted) return;
      toldMs = nowMs;
      send({ kind: 'progress', id, progress: { done, total } });
    };
    try {
      const handler = handlers[name as keyof Called]; // the other side calls no others
      const value = await handler(args, { signal: over.signal, progress });
      if (!over.signal.aborted) send({ kind: 'value', id, value });
    } catch (error) {
      if (!over.signal.aborted) send({ kind: 'error', id, error: failedBy(error) });
    } finally {
      running.delete(id);
    }
  };
  port.addEventListener('message', (event) => {
    const asked = (event as { data: Asked }).data; // the other side sends no others
    if (asked.kind === 'cancel') running.get(asked.id)?.abort();
    else void handle(asked);
  });
}

function failedBy(error: unknown): Failed {
  if (error instanceof ParleyError) {
    const { status, code, detail } = error;
    return { status, code, detail };
  }
  const { message } = asError(error);
  if (errorCode(error) === 'INVALID_QUERY') return { status: 400, code: 'INVALID_COMMAND', detail: message };
  return { status: 0, code: 'WORKER_FAILED', detail: message };
}
