/**
 * The writers of this process, so that its readers see only what is durable and need not poll the disk for what is new.
 *
 * 1. A folder has at most one entry: that of the newest epoch opened here.
 * 2. The entry of a writer that failed stays until a newer one is opened: what it wrote last may never have reached the disk.
 */
import type { LogFiles } from '../files.js';

export class LiveWriter {
  private readonly listeners = new Set<() => void>();

  /** `head`: position after the last durable event. */
  constructor(
    readonly epoch: number,
    public head: number,
  ) {}

  advance(head: number): void {
    this.head = head;
    this.changed();
  }

  /** Calls back, once, when something has changed. Returns a function that ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed(): void {
    if (this.listeners.size === 0) return;
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) listener();
  }
}

const writers = new Map<string, LiveWriter>();

export function liveWriter(files: LogFiles, folder: string): LiveWriter | undefined {
  const key = files.keyOf(folder);
  return key === undefined ? undefined : writers.get(key);
}

export function announce(key: string, writer: LiveWriter): void {
  const older = writers.get(key);
  if (older !== undefined && older.epoch >= writer.epoch) return;
  writers.set(key, writer);
  older?.changed();
}

export function withdraw(key: string, writer: LiveWriter): void {
  if (writers.get(key) === writer) writers.delete(key);
  writer.changed();
}
