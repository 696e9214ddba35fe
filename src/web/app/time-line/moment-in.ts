/** What was typed, as what is asked for. A time without a day is of the day of `now`. */
export function momentIn(text: string, now: Date): { at: number } | { atTime: string } | undefined {
  const plain = text.trim().replace(/[\s,_\u202f]/gu, '');
  if (/^\d{1,15}$/.test(plain)) return { at: Number(plain) };
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,3})?))?$/.exec(text.trim());
  if (clock !== null) {
    const [, hours, minutes, seconds = '0'] = clock;
    const time = new Date(now);
    time.setHours(Number(hours), Number(minutes), 0, Math.round(Number(seconds) * 1_000));
    return { atTime: time.toISOString() };
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text.trim())) return undefined;
  const time = new Date(text.trim());
  return Number.isNaN(time.getTime()) ? undefined : { atTime: time.toISOString() };
}
