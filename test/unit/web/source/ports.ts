import type { CallPort } from '../../../../src/web/source/worker-calls.js';

/** One end of a pair; what is posted there arrives here a little later, as a structured clone. */
export class LocalPort implements CallPort {
  other: LocalPort | undefined;
  isTerminated = false;
  private readonly listeners = new Map<string, ((event: unknown) => void)[]>();

  postMessage(message: unknown): void {
    const data: unknown = structuredClone(message);
    setImmediate(() => this.other?.raise('message', { data }));
  }

  addEventListener(type: string, listener: (event: unknown) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  raise(type: string, event: unknown): void {
    if (this.isTerminated) return;
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }

  terminate(): void {
    this.isTerminated = true;
    if (this.other !== undefined) this.other.isTerminated = true;
  }
}

/** A stand-in for a worker: the page's end, and the worker's own. */
export function portPair(): { readonly page: LocalPort; readonly worker: LocalPort } {
  const [page, worker] = [new LocalPort(), new LocalPort()];
  page.other = worker;
  worker.other = page;
  return { page, worker };
}
