import type { JSX } from 'preact';
import type { Limits } from '../../../client/types.js';
import { limitWords } from './limit-words.js';

/** What an operator lets a participant do. */
export function LimitsList({
  limits,
  onChange,
  onTakeOff,
}: {
  readonly limits: readonly Limits[];
  /** Both where they may be changed. */
  readonly onChange?: ((instrument: string | undefined) => void) | undefined;
  readonly onTakeOff?: ((instrument: string | undefined) => void) | undefined;
}): JSX.Element {
  if (limits.length === 0) return <p class="faint">None: nothing limits it.</p>;
  return (
    <ul class="limits">
      {limits.map((each) => (
        <li key={each.instrument ?? ''}>
          <div>
            <div class="limits-where">
              {each.instrument === undefined ? 'Each instrument' : <span class="name">{each.instrument}</span>}
            </div>
            <div>
              {limitWords(each).map((words) => (
                <span key={words} class={`tag ${words === 'halted' ? 'bad' : ''}`}>
                  {words}
                </span>
              ))}
            </div>
          </div>
          {onChange !== undefined && onTakeOff !== undefined && (
            <div class="limits-acts">
              <button
                type="button"
                class="quiet"
                aria-label={`Change the limits of ${nameOf(each)}`}
                onClick={() => onChange(each.instrument)}
              >
                Change
              </button>
              <button
                type="button"
                class="quiet"
                aria-label={`Take off the limits of ${nameOf(each)}`}
                onClick={() => onTakeOff(each.instrument)}
              >
                Take off
              </button>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function nameOf({ instrument }: Limits): string {
  return instrument ?? 'each instrument';
}
