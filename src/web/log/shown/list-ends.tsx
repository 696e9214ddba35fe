/** What is said before the first row and behind the last. */
import type { JSX } from 'preact';
import { grouped } from '../../parts/decimal.js';
import type { LogReader } from '../reading/log-reader.js';

export function ListHead({ reader }: { readonly reader: LogReader }): JSX.Element {
  return <div class="log-end head">{headText(reader)}</div>;
}

function headText(reader: LogReader): JSX.Element | string {
  const reading = reader.reading.value;
  const { from } = reader.seen;
  if (reading === 'earlier' || reading === 'first') return `Reading what stands before ${grouped(from)} …`;
  if (from === 0) return 'The log begins here';
  if (!reader.isGivenUp.value) return '';
  return (
    <>
      Looked back to position {grouped(from)}.{' '}
      <button type="button" class="link" onClick={() => goOn(reader, 'earlier')}>
        Look further back
      </button>
    </>
  );
}

function goOn(reader: LogReader, way: 'earlier' | 'later'): void {
  reader.isGivenUp.value = false;
  void reader.readMore(way);
}

export function ListFoot({ reader }: { readonly reader: LogReader }): JSX.Element {
  return <div class="log-end foot">{footText(reader)}</div>;
}

function footText(reader: LogReader): JSX.Element | string {
  const { at, source } = reader.options;
  const end = reader.end.value;
  if (reader.reading.value === 'later') return `Reading on from ${grouped(reader.seen.to)} …`;
  if (!reader.isAtEnd) {
    if (!reader.isGivenUp.value) return '';
    return (
      <button type="button" class="link" onClick={() => goOn(reader, 'later')}>
        Look further on from {grouped(reader.seen.to)}
      </button>
    );
  }
  if (at !== undefined) return <strong class="log-stand">The page stands here, before position {grouped(end)}</strong>;
  if (source.kind === 'file') return `The file ends before position ${grouped(end)}`;
  return reader.isFollowing.value ? '' : 'New events come when the log follows again';
}
