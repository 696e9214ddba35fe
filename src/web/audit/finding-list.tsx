import type { JSX } from 'preact';
import { findingKinds } from '../../../projections/audit/findings.js';
import { grouped } from '../parts/decimal.js';
import { LogLink } from '../parts/log-link.js';
import type { Audited } from '../workers/log-file/proofs.js';
import { type FindingGroup, groupsOf } from './report.js';

/** Of each code so many are shown at first. */
const SHOWN = 5;

/** What was found, by code; each position leads to the log as it stood right after that event. */
export function FindingList({
  audited,
  shard,
}: {
  readonly audited: Audited;
  readonly shard: number | undefined;
}): JSX.Element | null {
  const groups = groupsOf(audited);
  if (groups.length === 0) return null;
  return (
    <ul class="findings" aria-label="Findings">
      {groups.map((group) => (
        <Group key={group.code} group={group} shard={shard} />
      ))}
    </ul>
  );
}

function Group({ group, shard }: { readonly group: FindingGroup; readonly shard: number | undefined }): JSX.Element {
  const { code, severity, invariant, count, findings } = group;
  return (
    <li class="finding-group">
      <h3>
        <span class={`tag ${severity === 'violation' ? 'bad' : ''}`}>{severity}</span> <code>{code}</code>{' '}
        {invariant !== undefined && <span class="faint">{invariant}</span>}{' '}
        {count > 1 && <span class="faint num">{grouped(count)} times</span>}
      </h3>
      <p>{sentence(findingKinds[code].says)}</p>
      <Findings findings={findings.slice(0, SHOWN)} shard={shard} />
      {findings.length > SHOWN && (
        <details>
          <summary>{grouped(findings.length - SHOWN)} more</summary>
          <Findings findings={findings.slice(SHOWN)} shard={shard} />
        </details>
      )}
      {count > findings.length && <p class="faint">Further {grouped(count - findings.length)} are counted only.</p>}
    </li>
  );
}

function Findings({
  findings,
  shard,
}: {
  readonly findings: FindingGroup['findings'];
  readonly shard: number | undefined;
}): JSX.Element {
  return (
    <ol class="finding-places">
      {findings.map(({ position, message }, index) => (
        <li key={index}>
          <LogLink position={position} shard={shard} isStanding />
          <span>{message}</span>
        </li>
      ))}
    </ol>
  );
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
