import type { LogReport, WaitingFrames } from '../../../infra/embedded/inspection.js';
import { grouped } from '../grouped.js';

/** The frames that no reader may see yet; undefined where there are none. */
export function waitingOf({ waiting }: Partial<LogReport>): WaitingFrames | undefined {
  return waiting?.frames === 0 ? undefined : waiting;
}

export function waitingText({ frames, events, bytes, epoch }: WaitingFrames): string {
  return (
    `${grouped(frames)} frames, ${grouped(events)} events, ${grouped(bytes)} bytes wait for the writer of epoch ${epoch}, ` +
    'which has claimed the log and has not noted yet where it goes on'
  );
}
