import type { JSX } from 'preact';
import { type LogFilter, showsType, withTypesShown, withTypeToggled } from '../telling/filter.js';
import { eventTypes, typesByStream } from '../telling/sentences.js';

const groups = [
  { name: 'Intentions', types: typesByStream.intention },
  { name: 'Deals', types: typesByStream.deal },
  { name: 'Shard', types: typesByStream.shard },
] as const;

/** Which types of events are shown, each to be switched on and off. */
export function TypeChips({
  filter,
  onChange,
}: {
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
}): JSX.Element {
  const show = (types: readonly string[]): void => onChange(withTypesShown(filter, new Set(types), eventTypes));
  return (
    <div class="log-types" id="log-types">
      <div class="log-presets">
        <button type="button" class="quiet" onClick={() => show(eventTypes)}>
          All
        </button>
        <button type="button" class="quiet" onClick={() => show(eventTypes.filter((type) => type !== 'BatchSealed'))}>
          Without batches
        </button>
        <button type="button" class="quiet" onClick={() => show(typesByStream.deal)}>
          Decisions
        </button>
        <button type="button" class="quiet" onClick={() => show(typesByStream.shard)}>
          Shard
        </button>
      </div>
      {groups.map(({ name, types }) => (
        <div key={name} class="log-type-group" role="group" aria-label={name}>
          <span class="log-group-name" aria-hidden="true">
            {name}
          </span>
          {types.map((type) => (
            <button
              key={type}
              type="button"
              class="chip"
              aria-pressed={showsType(filter, type)}
              onClick={() => onChange(withTypeToggled(filter, type, eventTypes))}
            >
              {type}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

/** How many types are hidden. */
export function hiddenCount(filter: LogFilter): number {
  return eventTypes.filter((type) => !showsType(filter, type)).length;
}
