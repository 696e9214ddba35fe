/** Audits that run, or have run, in this tab: they go on while another view is looked at. */
import { type Signal, signal } from '@preact/signals';
import { key } from '../app/session.js';
import { openFile } from '../app/opened-file.js';
import { newLogWorker } from '../source/new-log-worker.js';
import type { Source } from '../source/source.js';
import { type Progress, WorkerCalls } from '../source/worker-calls.js';
import type { LogCalls } from '../workers/log-calls.js';
import type { Audited } from '../workers/log-file/proofs.js';

export interface AuditRun {
  /** Undefined: of the only shard, or a file’s. */
  readonly shard: number | undefined;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly startedMs: number;
  readonly endedMs?: number;
  readonly audited?: Audited;
  readonly error?: unknown;
}

export type Run = Signal<AuditRun | undefined>;

const runs = new WeakMap<Source, Map<number | undefined, Run>>();
const stops = new WeakMap<Run, AbortController>();

/** The latest audit of a shard of a source, if there was one. */
export function runOf(source: Source, shard: number | undefined): Run {
  const byShard = runs.get(source) ?? new Map<number | undefined, Run>();
  runs.set(source, byShard);
  const run = byShard.get(shard) ?? signal(undefined);
  byShard.set(shard, run);
  return run;
}

/** Runs the audit from the first event to the end as it stands now. Resolves when it has ended, however. */
export async function startAudit(source: Source, shard: number | undefined): Promise<void> {
  const run = runOf(source, shard);
  if (run.value?.state === 'running') return;
  const stop = new AbortController();
  stops.set(run, stop);
  const begun: AuditRun = { shard, state: 'running', done: 0, total: 0, startedMs: performance.now() };
  run.value = begun;
  const { signal } = stop;
  const onProgress = ({ done, total }: Progress): void => {
    run.value = { ...(run.value ?? begun), done, total };
  };
  const end = (ended: Partial<AuditRun>): void => {
    run.value = { ...(run.value ?? begun), endedMs: performance.now(), ...ended };
  };
  try {
    const audited = await audit(source, shard, { signal, onProgress });
    end({ state: 'done', audited, done: audited.eventCount });
  } catch (error) {
    end(signal.aborted ? { state: 'stopped' } : { state: 'failed', error });
  }
}

export function stopAudit(run: Run): void {
  stops.get(run)?.abort();
}

interface Ways {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

async function audit(source: Source, shard: number | undefined, ways: Ways): Promise<Audited> {
  if (source.kind === 'file') {
    const file = openFile.peek();
    if (file === undefined) throw new Error('the file was closed');
    return file.audit(ways);
  }
  const { position: head } = await source.moment({ shard, signal: ways.signal });
  const worker = newLogWorker();
  try {
    const calls = new WorkerCalls<LogCalls>(worker);
    return await calls.call('auditServer', [{ url: location.origin, key: key.peek(), shard, head }], ways);
  } finally {
    worker.terminate();
  }
}
