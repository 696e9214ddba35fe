import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { follow } from '../app/link.js';
import { runOf, startAudit } from '../audit/audit-runs.js';
import { verdictOf, verdictWords } from '../audit/report.js';
import { CopyButton } from '../parts/copy-button.js';
import { grouped } from '../parts/decimal.js';
import { said } from '../parts/failure.js';
import { Progress } from '../parts/progress.js';
import { Time } from '../parts/time.js';
import type { FileSource } from '../source/file-source.js';
import { bytesText } from './bytes-text.js';
import { notesOf } from './file-notes.js';
import { close, replaying, summary } from './opening.js';

/** What is in the file, whether it is right, and where to look at it. */
export function FileSummary({ file }: { readonly file: FileSource }): JSX.Element {
  const { bytes = 0, first, last } = summary.value ?? {};
  const { shard, batches, head } = file.told;
  return (
    <section class="card file-summary" aria-label="The open file">
      <div class="file-head">
        <h2 class="name">{file.name}</h2>
        <span class="faint num">
          {bytesText(bytes)}, shard {shard}
        </span>
        <button type="button" class="quiet" onClick={close}>
          Close it
        </button>
      </div>
      <nav class="file-views" aria-label="Views of the file">
        <To path="/">Market</To>
        <To path="/log">Log</To>
        <To path="/doubts">In doubt</To>
        <To path="/participants">Participants</To>
        <To path="/audit">Audit</To>
      </nav>
      <dl class="figures">
        <Figure name="Events">{grouped(head)}</Figure>
        <Figure name="Batches">{grouped(batches)}</Figure>
        <ReplayedFigures />
      </dl>
      <p class="faint">
        From <Time at={first} /> to <Time at={last} />
      </p>
      {notesOf(file.told).map((note) => (
        <p key={note} class="file-note">
          {note}
        </p>
      ))}
      <Digests />
      <Audit file={file} />
    </section>
  );
}

function To({ path, children }: { readonly path: string; readonly children: ComponentChildren }): JSX.Element {
  const to = `/file${path}`;
  return (
    <a href={to} onClick={(event) => follow(event, to)}>
      {children}
    </a>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{children}</dd>
    </div>
  );
}

function ReplayedFigures(): JSX.Element {
  const replayed = replaying.value?.state === 'done' ? replaying.value.replayed : undefined;
  const shown = (count: number | undefined): string => (count === undefined ? '…' : grouped(count));
  return (
    <>
      <Figure name="Deals">{shown(replayed?.dealsConfirmed)}</Figure>
      <Figure name="Intentions">{shown(replayed?.intentions)}</Figure>
      <Figure name="Still open">{shown(replayed?.openIntentions)}</Figure>
      <Figure name="Participants">{shown(replayed?.participants)}</Figure>
      <Figure name="Instruments">{shown(replayed?.instruments)}</Figure>
    </>
  );
}

function Digests(): JSX.Element | null {
  const state = replaying.value;
  if (state === undefined) return null;
  if (state.state === 'failed') return <p class="error">The replay failed: {said(state.error).detail}</p>;
  if (state.state === 'running') {
    const { done, total } = state;
    return (
      <Progress label="Replay" done={done} of={total} text={`Replayed ${grouped(done)} of ${grouped(total)} events`} />
    );
  }
  const { stateDigest, batchDigest } = state.replayed;
  return (
    <div class="file-digests">
      <Digest name="Digest of the state" text={stateDigest} />
      <Digest name="Digest of the last batch" text={batchDigest} />
      <p class="hint">
        <code>parley replay</code> prints the same two where the log has the same events and they come to the same
        state.
      </p>
    </div>
  );
}

function Digest({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <div class="digest">
      <span class="digest-name">{name}</span>
      <code>{text}</code>
      <CopyButton text={text} label="Copy" />
    </div>
  );
}

/** Is run once, after the replay: both take all of the worker. */
function Audit({ file }: { readonly file: FileSource }): JSX.Element {
  const run = runOf(file, undefined).value;
  const isReplayed = replaying.value?.state === 'done';
  useEffect(() => {
    if (isReplayed && runOf(file, undefined).peek() === undefined) void startAudit(file, undefined);
  }, [file, isReplayed]);
  return (
    <p class="file-audit" role="status">
      <strong>Audit:</strong> {auditText(run)}{' '}
      {run?.audited !== undefined && <To path="/audit">what was looked at, and the findings</To>}
    </p>
  );
}

function auditText(run: ReturnType<typeof runOf>['value']): string {
  if (run === undefined) return 'follows the replay';
  if (run.state === 'running') return `${grouped(run.done)} of ${grouped(run.total)} events`;
  if (run.state === 'failed') return said(run.error).detail;
  if (run.audited === undefined) return 'stopped';
  const { violationCount, noteCount } = run.audited;
  const counts = `${grouped(violationCount)} violations, ${grouped(noteCount)} notes`;
  return `${verdictWords[verdictOf(run.audited)].toLowerCase()} with these events (${counts});`;
}
