import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { open } from './opening.js';

/** Takes a file: dropped, or chosen. */
export function DropZone({ isSmall }: { readonly isSmall: boolean }): JSX.Element {
  const isOver = useSignal(false);
  const over = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = true;
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = false;
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void open(file);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- what is dropped can be chosen by keyboard too
    <label
      class={`drop-zone ${isOver.value ? 'over' : ''} ${isSmall ? 'small' : ''}`}
      onDragOver={over}
      onDragLeave={() => (isOver.value = false)}
      onDrop={drop}
    >
      <input
        type="file"
        class="unseen"
        accept=".ndjson,.jsonl,.json,.gz,application/x-ndjson,application/gzip"
        aria-label="Choose an exported log"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file !== undefined) void open(file);
        }}
      />
      <span class="drop-title">{isSmall ? 'Open another one' : 'Drop an exported log here'}</span>
      <span class="faint">
        or <span class="drop-choose">choose a file</span>
      </span>
      {!isSmall && (
        <span class="faint drop-how">
          Made by <code>parley log export &gt; log.ndjson</code>, or by “Export” on the log’s view; gzip is fine.
        </span>
      )}
    </label>
  );
}
