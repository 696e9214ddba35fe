import type { JSX } from 'preact';
import { isOfFile } from '../app/address.js';
import { source } from '../app/moment.js';
import { openFile } from '../app/opened-file.js';
import { grouped } from '../parts/decimal.js';
import { Failure } from '../parts/failure.js';
import { Progress } from '../parts/progress.js';
import { type AuditRun, runOf, startAudit, stopAudit } from './audit-runs.js';
import { AuditResult } from './audit-result.js';

/** The audit of one shard, or of the file: to be started, under way, or what it came to. */
export function ShardAudit({
  shard,
  isNamed,
}: {
  readonly shard: number | undefined;
  readonly isNamed: boolean;
}): JSX.Element {
  const of = source.value;
  const run = runOf(of, shard);
  const current = run.value;
  const isRunning = current?.state === 'running';
  return (
    <section class="card audit-card" aria-label={isNamed ? `Audit of shard ${shard}` : 'Audit'}>
      <div class="audit-head">
        {isNamed && <h2>Shard {shard}</h2>}
        {isRunning ? (
          <button type="button" onClick={() => stopAudit(run)}>
            Stop
          </button>
        ) : (
          <button
            type="button"
            class={current === undefined && !isNamed ? 'primary' : ''}
            onClick={() => void startAudit(of, shard)}
          >
            {current === undefined ? 'Start the audit' : 'Audit again'}
          </button>
        )}
        {current === undefined && <span class="faint">{costText()}</span>}
        {current !== undefined && current.state !== 'running' && <Took run={current} />}
      </div>
      {isRunning && <Running run={current} />}
      {current?.state === 'stopped' && (
        <p class="audit-note">Stopped after {grouped(current.done)} events. Nothing can be said of the log.</p>
      )}
      {current?.state === 'failed' && <Failure error={current.error} />}
      {current?.audited !== undefined && <AuditResult audited={current.audited} shard={shard} />}
    </section>
  );
}

function costText(): string {
  return isOfFile.value
    ? `Reads ${openFile.value?.name ?? 'the file'} whole.`
    : 'The whole log comes to this browser once. It takes some seconds for a million events.';
}

function Running({ run: { done, total, startedMs } }: { readonly run: AuditRun }): JSX.Element {
  const seconds = Math.max(0.001, (performance.now() - startedMs) / 1_000);
  const rate = grouped(Math.round(done / seconds));
  const text =
    total === 0
      ? 'Beginning …'
      : `${grouped(done)} of ${grouped(total)} events, ${Math.floor((100 * done) / total)} %, ${rate} a second`;
  return <Progress label="Audit" done={done} of={total === 0 ? undefined : total} text={text} />;
}

function Took({ run: { done, startedMs, endedMs = startedMs } }: { readonly run: AuditRun }): JSX.Element {
  const seconds = (endedMs - startedMs) / 1_000;
  const rate = Math.round(done / Math.max(0.001, seconds));
  return (
    <span class="faint num">
      {seconds.toFixed(1)} s, {grouped(rate)} events a second
    </span>
  );
}
