/** This machine's clock is further behind the time that a log has come to than it may be. Nothing has been changed. */
export class ClockBehindLogError extends Error {
  readonly code = 'CLOCK_BEHIND_LOG';
  constructor(logTimeMs: number, nowMs: number) {
    const [log, clock] = [logTimeMs, nowMs].map((ms) => new Date(ms).toISOString());
    super(
      `the log’s time is ${log}, and this machine’s clock says ${clock}: set the clock right, or, to go on in the log’s time, in which ` +
        `nothing expires until the clock has come to it, give --max-clock-ahead ${Math.ceil((logTimeMs - nowMs) / 1_000)} or more`,
    );
    this.name = 'ClockBehindLogError';
  }
}

/**
 * A shard's time never runs back, so one start under a clock that is far ahead binds it to that time. Throws ClockBehindLogError where
 * the log's time is ahead of the clock by more than the limit. All in milliseconds, times since 1970.
 */
export function mustNotBeBehind(logTimeMs: number, nowMs: number, limitMs: number): void {
  if (logTimeMs - nowMs > limitMs) throw new ClockBehindLogError(logTimeMs, nowMs);
}
