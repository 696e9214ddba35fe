/**
 * A client's deadlines that pass when a test says so, and not before: its clock and its timers stand still meanwhile, but not the
 * connection to the stand-in, nor the log's pauses between attempts. The test that stops it lets it go on, by `vi.useRealTimers`.
 */
import { vi } from 'vitest';
import { until } from '../patience.js';
import type { StandInServer } from './stand-in-server.js';

export const DEADLINE_MS = 1_000;
/** For the client. */
export const WITH_DEADLINE = `defaultDeadline=${DEADLINE_MS}`;

export function stopClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
}

/** Lets the deadline pass once the server has left so many calls without an answer. */
export async function passDeadline(server: StandInServer, unanswered: number): Promise<void> {
  await until(`${unanswered} calls are unanswered`, () => server.unanswered === unanswered);
  await vi.advanceTimersByTimeAsync(DEADLINE_MS);
}
