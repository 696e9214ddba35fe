import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { LogReader } from '../reading/log-reader.js';
import { everything, fieldsOf, type LogFilter } from '../telling/filter.js';
import { FilterField } from './filter-field.js';
import { hiddenCount, TypeChips } from './type-chips.js';

/** What the log is narrowed down to; the address has it. */
export function FilterBar({
  reader,
  filter,
  onChange,
}: {
  readonly reader: LogReader;
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
}): JSX.Element {
  const areTypesShown = useSignal(false);
  const isShown = useSignal(false);
  const { names } = reader.options;
  const count = Object.values(fieldsOf(filter)).filter((value) => value !== undefined).length;
  const hidden = hiddenCount(filter);
  const change = (changed: Partial<LogFilter>): void => onChange({ ...filter, ...changed });
  return (
    <>
      <button
        type="button"
        class="log-filter-button"
        aria-expanded={isShown.value}
        aria-controls="log-filters"
        onClick={() => (isShown.value = !isShown.value)}
      >
        Filter{count === 0 ? '' : ` (${count})`}
      </button>
      <div id="log-filters" class={`log-filters ${isShown.value ? 'shown' : ''}`} role="search" aria-label="Filter">
        <FilterField label="Text" value={filter.text} onChange={(text) => change({ text })} />
        <FilterField
          label="Participant"
          value={filter.participant}
          offered={names.participantNames()}
          onChange={(participant) => change({ participant })}
        />
        <FilterField
          label="Instrument"
          value={filter.instrument}
          offered={names.symbols()}
          onChange={(instrument) => change({ instrument })}
        />
        <FilterField label="Stream" value={filter.stream} onChange={(stream) => change({ stream })} />
        <button
          type="button"
          aria-expanded={areTypesShown.value}
          aria-controls="log-types"
          onClick={() => (areTypesShown.value = !areTypesShown.value)}
        >
          Types{hidden === 0 ? '' : `: ${hidden} hidden`}{' '}
          <span aria-hidden="true">{areTypesShown.value ? '▴' : '▾'}</span>
        </button>
        {count > 0 && (
          <button type="button" class="quiet" onClick={() => onChange(everything)}>
            Show everything
          </button>
        )}
      </div>
      {areTypesShown.value && <TypeChips filter={filter} onChange={onChange} />}
    </>
  );
}
