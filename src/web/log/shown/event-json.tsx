import type { JSX } from 'preact';
import type { RecordedEvent } from '../../../client/types.js';
import { CopyButton } from '../../parts/copy-button.js';

/** An event as it stands in the log. */
export function EventJson({ event }: { readonly event: RecordedEvent }): JSX.Element {
  const text = JSON.stringify(event, undefined, 2);
  return (
    <div class="log-json">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <pre tabIndex={0} aria-label={`Event ${event.position} as JSON`}>
        {text}
      </pre>
      <CopyButton text={JSON.stringify(event)} label="Copy" />
    </div>
  );
}
