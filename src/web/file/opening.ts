/** Opening a file, and what it came to: kept while another view is looked at. */
import { computed, signal } from '@preact/signals';
import { openFile } from '../app/opened-file.js';
import { FileSource } from '../source/file-source.js';
import { newLogWorker } from '../source/new-log-worker.js';
import type { Replayed } from '../workers/log-file/proofs.js';

export interface Opening {
  readonly name: string;
  readonly bytes: number;
  /** Of those. */
  readonly read: number;
}

/** The one that is being read. */
export const opening = signal<Opening | undefined>(undefined);
/** Why the last one could not be opened. */
export const failure = signal<{ readonly name: string; readonly error: unknown } | undefined>(undefined);

/** What the open file is, beside its events. */
export interface Summary {
  readonly bytes: number;
  /** Times of its first and last event, where those have one. */
  readonly first: string | undefined;
  readonly last: string | undefined;
}

const summaries = signal<ReadonlyMap<FileSource, Summary>>(new Map());
export const summary = computed(() => (openFile.value === undefined ? undefined : summaries.value.get(openFile.value)));

/** How far the replay has come, or what it came to. */
export const replaying = signal<
  | { readonly state: 'running'; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly replayed: Replayed }
  | { readonly state: 'failed'; readonly error: unknown }
  | undefined
>(undefined);

let stop = new AbortController();

/** Opens a file in place of the one that is open; that one is closed first. */
export async function open(file: File): Promise<void> {
  stop.abort();
  stop = new AbortController();
  const { signal: given } = stop;
  close();
  failure.value = undefined;
  opening.value = { name: file.name, bytes: file.size, read: 0 };
  const onProgress = ({ done }: { readonly done: number }): void => {
    if (!given.aborted) opening.value = { name: file.name, bytes: file.size, read: done };
  };
  try {
    const worker = newLogWorker();
    const opened = await FileSource.open(file, worker, { signal: given, onProgress });
    summaries.value = new Map([[opened, await summaryOf(opened, file.size)]]);
    openFile.value = opened;
    void replay(opened);
  } catch (error) {
    if (!given.aborted) failure.value = { name: file.name, error };
  }
  if (!given.aborted) opening.value = undefined;
}

/** Gives the reading up. */
export function stopOpening(): void {
  stop.abort();
  opening.value = undefined;
}

/** Ends the worker of the open file, and forgets it. */
export function close(): void {
  openFile.value?.close();
  openFile.value = undefined;
  replaying.value = undefined;
}

async function summaryOf(file: FileSource, bytes: number): Promise<Summary> {
  const { events } = await file.events({ from: 0, limit: 1 });
  const atMs = events[0]?.atMs;
  const { at: last } = await file.moment({});
  return { bytes, first: typeof atMs === 'number' ? timeOf(atMs) : undefined, last };
}

/** Undefined for what is no time, which a file may hold. */
function timeOf(atMs: number): string | undefined {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

async function replay(file: FileSource): Promise<void> {
  const isOpen = (): boolean => openFile.peek() === file;
  replaying.value = { state: 'running', done: 0, total: file.head };
  try {
    const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
      if (isOpen()) replaying.value = { state: 'running', done, total };
    };
    const replayed = await file.replay({}, { onProgress });
    if (isOpen()) replaying.value = { state: 'done', replayed };
  } catch (error) {
    if (isOpen()) replaying.value = { state: 'failed', error };
  }
}
