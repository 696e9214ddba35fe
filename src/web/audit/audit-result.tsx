import type { ComponentChildren, JSX } from 'preact';
import { isOfFile } from '../app/address.js';
import { openFile } from '../app/opened-file.js';
import { CopyButton } from '../parts/copy-button.js';
import { grouped } from '../parts/decimal.js';
import { saveBlob } from '../parts/save.js';
import type { Audited } from '../workers/log-file/proofs.js';
import { Comparison } from './comparison-form.js';
import { FindingList } from './finding-list.js';
import { reportJson, verdictOf, verdictWords } from './report.js';

/** What an audit came to, and of what that can be said. */
export function AuditResult({
  audited,
  shard,
}: {
  readonly audited: Audited;
  readonly shard: number | undefined;
}): JSX.Element {
  const verdict = verdictOf(audited);
  const { eventCount, digest, anchor } = audited;
  return (
    <div class="audit-result">
      <div class={`audit-verdict ${verdict}`} role="status">
        <span class="audit-sign" aria-hidden="true">
          {verdict === 'well' ? '✓' : verdict === 'empty' ? '○' : '✕'}
        </span>
        <div>
          <h2>{verdictWords[verdict]}</h2>
          <p>
            This browser read {grouped(eventCount)} events of shard {audited.shard}, up to position{' '}
            {grouped(eventCount)},{' '}
            {isOfFile.value ? `as ${openFile.value?.name ?? 'the file'} holds them` : 'as this server sent them'}.{' '}
            {verdict === 'well' && (
              <>
                That much is well; of what the disk holds beside it, ask <code>parley audit</code>.
              </>
            )}
          </p>
        </div>
      </div>
      <dl class="figures">
        <Figure name="Events" value={eventCount} />
        <Figure name="Batches" value={audited.batchCount} />
        <Figure name="Intentions" value={audited.intentionCount} />
        <Figure name="Deals" value={audited.confirmedDealCount} />
        <Figure name="Violations" value={audited.violationCount} />
        <Figure name="Notes" value={audited.noteCount} />
      </dl>
      {eventCount > 0 && <Digest name="Digest of the last batch" text={digest} />}
      {anchor !== undefined && (
        <Digest name="Anchor, to keep elsewhere" text={anchor}>
          Kept where nobody who can change the log can change it, it shows later that nothing before was changed.
        </Digest>
      )}
      {eventCount > 0 && <Comparison audited={audited} shard={shard} />}
      <FindingList audited={audited} shard={shard} />
      <div>
        <button type="button" onClick={() => download(audited)}>
          Download the report
        </button>
      </div>
    </div>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: number }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{grouped(value)}</dd>
    </div>
  );
}

function Digest({
  name,
  text,
  children,
}: {
  readonly name: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="digest">
      <span class="digest-name">{name}</span>
      <code>{text}</code>
      <CopyButton text={text} label="Copy" />
      {children !== undefined && <p class="hint">{children}</p>}
    </div>
  );
}

function download(audited: Audited): void {
  const auditedAt = new Date().toISOString();
  const from = isOfFile.peek() ? (openFile.peek()?.name ?? 'a file') : location.origin;
  const text = JSON.stringify(reportJson(audited, { from, auditedAt }), undefined, 2);
  const name = `parley-audit-shard-${audited.shard}-${audited.eventCount}.json`;
  saveBlob(new Blob([text, '\n'], { type: 'application/json' }), name);
}
