import type { JSX } from 'preact';
import { said } from '../parts/failure.js';

/** What may help, by what is wrong with a file. */
const helps: Readonly<Record<string, string>> = {
  FILE_EMPTY: 'Export the log once something has happened on the exchange.',
  FILE_UNREADABLE: 'Has it been moved or changed since it was chosen? Choose it again.',
  GZIP_DAMAGED: 'Export or copy it again.',
  NOT_TEXT: 'It must be lines of JSON, or those compressed by gzip, as “parley log export” writes them.',
  LINE_TOO_LONG: 'It must be lines of JSON, an event each, as “parley log export” writes them.',
  LINE_INVALID: 'It must be lines of JSON, an event each, as “parley log export” writes them.',
  POSITION_GAP: 'Export the whole log, without a filter and from its first event on.',
  STREAM_DIFFERS: 'Was it put together from several logs? Each shard’s log is a file of its own.',
  HISTORY_BROKEN: 'Something is missing or was changed. Compare it with the log that it was exported from.',
};

/** Why a file could not be opened, in words. */
export function Problem({ name, error }: { readonly name: string; readonly error: unknown }): JSX.Element {
  const { code, detail } = said(error);
  return (
    <div class="failure file-problem" role="alert">
      <div>
        <p>
          <strong class="name">{name}</strong> cannot be shown as a log.
        </p>
        <p>
          {detail} <code class="faint">{code}</code>
        </p>
        {helps[code] !== undefined && <p class="faint">{helps[code]}</p>}
      </div>
    </div>
  );
}
