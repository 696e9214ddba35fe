import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { goWith, isOfFile, query } from '../app/address.js';
import { useKeys } from '../app/keys-help.js';
import { isLive } from '../app/moment.js';
import { caller, may } from '../app/session.js';
import { grouped } from '../parts/decimal.js';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { ExportDialog } from './controls/export-dialog.js';
import { FilterBar } from './controls/filter-bar.js';
import { GoTo } from './controls/go-to.js';
import type { LogReader } from './reading/log-reader.js';
import { EventList } from './shown/event-list.js';
import { fieldsOf, type LogFilter } from './telling/filter.js';
import { useFilter, useReader } from './use-reader.js';

/** The log, event by event. */
export default function LogView(): JSX.Element {
  const isHidden = !isOfFile.value && caller.value !== undefined && !may.seeAll.value;
  return isHidden ? <NoLog /> : <Log />;
}

function NoLog(): JSX.Element {
  return (
    <Empty title="The log is everybody’s">
      It holds what all participants do, so only operators and auditors see it. What your own intentions came to is told
      where they are: each has its life, its deals and the reasons.
    </Empty>
  );
}

function Log(): JSX.Element {
  const filter = useFilter(query.value);
  const around = positionIn(query.value.get('position'));
  const { reader, isStale } = useReader(filter, around);
  const isExporting = useSignal(false);
  const narrow = (changed: LogFilter): void => goWith(fieldsOf(changed), { replace: true });
  const goTo = (position: number | undefined): void => {
    goWith({ position: position === undefined ? undefined : String(position) }, { replace: true });
    if (position === undefined) reader.follow();
    else void reader.goTo(position);
  };
  useKeys([
    {
      key: 'f',
      says: 'log: follow, or pause',
      act: () => (reader.isFollowing.value ? reader.stopFollowing(true) : goTo(undefined)),
    },
  ]);
  return (
    <section class={`log ${isStale ? 'stale' : ''}`} aria-labelledby="log-title">
      <div class="log-bar">
        <h1 id="log-title">Log</h1>
        {isLive.value && !isOfFile.value && <Following reader={reader} onFollow={() => goTo(undefined)} />}
        <span class="log-held faint num">{heldText(reader)}</span>
        <div class="log-bar-end">
          <GoTo reader={reader} onGo={goTo} />
          <button type="button" onClick={() => (isExporting.value = true)}>
            Export …
          </button>
        </div>
      </div>
      <FilterBar reader={reader} filter={filter} onChange={narrow} />
      {reader.error.value !== undefined && (
        <Failure error={reader.error.value} onAgain={() => void reader.start(filter, around)} />
      )}
      <div class="log-card">
        <EventList reader={reader} marked={around}>
          <Waiting reader={reader} onFollow={() => goTo(undefined)} />
        </EventList>
        <NothingShown reader={reader} />
      </div>
      <ExportDialog reader={reader} filter={filter} isOpen={isExporting} />
    </section>
  );
}

function positionIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function heldText(reader: LogReader): string {
  const { rows, from, to } = reader.seen;
  return `${grouped(rows.length)} events of positions ${grouped(from)} to ${grouped(Math.max(from, to - 1))}`;
}

function Following({ reader, onFollow }: { readonly reader: LogReader; readonly onFollow: () => void }): JSX.Element {
  const isFollowing = reader.isFollowing.value;
  return (
    <button
      type="button"
      class={`live-button log-follow ${isFollowing ? 'on' : ''}`}
      aria-pressed={isFollowing}
      title={isFollowing ? 'Pause: keep what is shown  (f)' : 'Follow what comes  (f)'}
      onClick={() => (isFollowing ? reader.stopFollowing(true) : onFollow())}
    >
      <span class="dot" aria-hidden="true" />
      {isFollowing ? 'Following' : 'Paused'}
    </button>
  );
}

/** What has come while the log did not follow. */
function Waiting({
  reader,
  onFollow,
}: {
  readonly reader: LogReader;
  readonly onFollow: () => void;
}): JSX.Element | null {
  if (reader.isFollowing.value || !isLive.value || isOfFile.value) return null;
  const count = reader.waiting.value;
  return (
    <button type="button" class="log-waiting primary" onClick={onFollow}>
      {count === 0 ? 'Follow' : `${grouped(count)} new`} ↓
    </button>
  );
}

function NothingShown({ reader }: { readonly reader: LogReader }): JSX.Element | null {
  const { rows, from, to } = reader.seen;
  if (rows.length > 0 || reader.reading.value !== undefined || reader.error.value !== undefined) return null;
  if (to === 0)
    return (
      <div class="log-nothing">
        <Empty title="The log is empty">Events come when the exchange is used.</Empty>
      </div>
    );
  return (
    <div class="log-nothing">
      <Empty title="Nothing passes the filter">
        None of the events at positions {grouped(from)} to {grouped(to)} does.
      </Empty>
    </div>
  );
}
