import type { JSX } from 'preact';
import { openFile } from '../app/opened-file.js';
import { DropZone } from './drop-zone.js';
import { FileSummary } from './file-summary.js';
import { failure, opening, stopOpening } from './opening.js';
import { Problem } from './problem.js';
import { Progress } from '../parts/progress.js';
import { bytesText } from './bytes-text.js';

/** An exported log, looked at in the browser alone. */
export default function FileView(): JSX.Element {
  const file = openFile.value;
  const current = opening.value;
  return (
    <div class="file-view">
      <div class="page-head">
        <h1>A file</h1>
        <p class="lead">
          A log that was exported can be looked at here without a server: its events, deals and charts, why something
          was filled, and every book as it stood at any moment. Nothing of it leaves this browser.
        </p>
      </div>
      {current !== undefined && (
        <section class="card file-opening" aria-label="Reading">
          <h2 class="name">{current.name}</h2>
          <Progress
            label="Reading the file"
            done={current.read}
            of={current.bytes}
            text={`${bytesText(current.read)} of ${bytesText(current.bytes)} read, folded and checked`}
          />
          <div>
            <button type="button" onClick={stopOpening}>
              Stop
            </button>
          </div>
        </section>
      )}
      {current === undefined && failure.value !== undefined && <Problem {...failure.value} />}
      {current === undefined && file !== undefined && <FileSummary file={file} />}
      {current === undefined && <DropZone isSmall={file !== undefined} />}
    </div>
  );
}
