import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { grouped } from '../../parts/decimal.js';
import { Dialog } from '../../parts/dialog.js';
import { said } from '../../parts/failure.js';
import { Progress } from '../../parts/progress.js';
import { saveBlob } from '../../parts/save.js';
import { exportAll, linesOf } from '../reading/export.js';
import type { LogReader } from '../reading/log-reader.js';
import { fieldsOf, type LogFilter } from '../telling/filter.js';

interface Export {
  readonly position: number;
  readonly events: number;
  /** What it came to, once it has ended. */
  readonly outcome?: string;
}

/** Saves events as NDJSON: those that the window holds, or all that pass the filter. */
export function ExportDialog({
  reader,
  filter,
  isOpen,
}: {
  readonly reader: LogReader;
  readonly filter: LogFilter;
  readonly isOpen: Signal<boolean>;
}): JSX.Element {
  const state = useSignal<Export | undefined>(undefined);
  const until = useRef(0);
  const over = useRef<AbortController>();
  useEffect(() => () => over.current?.abort(), []);
  const rows = reader.seen.rows.map(({ event }) => event);
  const isFiltered = Object.values(fieldsOf(filter)).some((value) => value !== undefined);
  const isRunning = state.value !== undefined && state.value.outcome === undefined;
  const all = async (): Promise<void> => {
    over.current = new AbortController();
    until.current = reader.end.value;
    await exported(reader, { filter, until: until.current, state, signal: over.current.signal });
  };
  const close = (): void => {
    over.current?.abort();
    state.value = undefined;
    isOpen.value = false;
  };
  return (
    <Dialog title="Export events" isOpen={isOpen.value} onClose={close}>
      <div class="form">
        <p class="faint">
          A line of JSON for each event, as <code>parley log export</code> writes it.{' '}
          {isFiltered ? 'Only what passes the filter.' : 'A whole log can be opened on this page as a file.'}
        </p>
        <button
          type="button"
          disabled={rows.length === 0}
          onClick={() =>
            saveBlob(new Blob([linesOf(rows)], { type: 'application/x-ndjson' }), nameOf(reader, 'window'))
          }
        >
          What is held here: {grouped(rows.length)} events
        </button>
        {!isRunning && (
          <button type="button" class="primary" onClick={() => void all()}>
            {isFiltered ? 'All that pass' : 'All'} before position {grouped(reader.end.value)}
          </button>
        )}
        {state.value !== undefined && <ExportState state={state.value} until={until.current} />}
        {isRunning && (
          <button type="button" onClick={() => over.current?.abort()}>
            Stop
          </button>
        )}
      </div>
    </Dialog>
  );
}

function ExportState({ state, until }: { readonly state: Export; readonly until: number }): JSX.Element {
  const { position, events, outcome } = state;
  if (outcome !== undefined) return <p role="status">{outcome}</p>;
  const text = `${grouped(events)} events of ${grouped(position)} / ${grouped(until)} positions`;
  return <Progress label="Export" done={position} of={until} text={text} />;
}

async function exported(
  reader: LogReader,
  {
    filter,
    until,
    state,
    signal,
  }: { filter: LogFilter; until: number; state: Signal<Export | undefined>; signal: AbortSignal },
): Promise<void> {
  const { source, shard, names } = reader.options;
  state.value = { position: 0, events: 0 };
  try {
    const { blob, events, unsure } = await exportAll({
      ...{ source, shard, until, filter, names, lookUps: reader.lookUps, signal },
      onProgress: (position, found) => (state.value = { position, events: found }),
    });
    saveBlob(blob, nameOf(reader, String(until)));
    const note = unsure === 0 ? '' : ` ${grouped(unsure)} of them are there because a name could not be found.`;
    state.value = { position: until, events, outcome: `Saved ${grouped(events)} events.${note}` };
  } catch (error) {
    const outcome = signal.aborted ? 'Stopped; nothing was saved.' : said(error).detail;
    const { position, events } = state.peek() ?? { position: 0, events: 0 };
    state.value = { position, events, outcome };
  }
}

function nameOf({ options: { shard } }: LogReader, what: string): string {
  return `parley-log${shard === undefined ? '' : `-shard-${shard}`}-${what}.ndjson`;
}
