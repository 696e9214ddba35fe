import type { JSX } from 'preact';

/** A time of the log, in this machine’s zone; the whole of it to be read on hovering. */
export function Time({ at }: { readonly at: string | undefined }): JSX.Element {
  if (at === undefined) return <span class="faint">–</span>;
  return (
    <time class="num" dateTime={at} title={at}>
      {timeText(at)}
    </time>
  );
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const DAY_MS = 86_400_000;

/** With its day where that is not today. */
export function timeText(at: string): string {
  const date = new Date(at);
  const isRecent = Math.abs(Date.now() - date.getTime()) < DAY_MS && date.getDate() === new Date().getDate();
  return isRecent ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}
