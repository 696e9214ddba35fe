const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** A time of the log by this machine’s clock: `14:05:30`. A number that is no time, which a log that was tampered with may hold, as it is. */
export function clockText(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? String(atMs) : clock.format(date);
}
