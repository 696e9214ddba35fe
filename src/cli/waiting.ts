import type { LogReport } from '../../infra/embedded/inspection.js';
import { grouped } from './terminal/table.js';

/** Frames that no reader may see yet: a newer writer has claimed the log, and has not said yet where it goes on. */
interface Waiting {
  readonly frames: number;
  readonly events: number;
  readonly bytes: number;
  /** That writer's. */
  readonly epoch: number;
}

/** What waits in a log of files; undefined where nothing does. */
export function waitingOf({
  waiting,
}: Partial<LogReport> & { readonly waiting?: Waiting | undefined }): Waiting | undefined {
  return waiting === undefined || waiting.frames === 0 ? undefined : waiting;
}

export function waitingText({ frames, events, bytes, epoch }: Waiting): string {
  return (
    `${grouped(frames)} frames, ${grouped(events)} events, ${grouped(bytes)} bytes wait for the writer of epoch ${epoch}, ` +
    'which has claimed the log and has not noted yet where it goes on'
  );
}
