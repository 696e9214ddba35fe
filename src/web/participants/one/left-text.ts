/** A stretch of time in the units that fit: `0.8 s`, `29 s`, `4 min 05 s`, `3 h 20 min`. */
export function leftText(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 10) return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  if (whole < 120) return `${whole} s`;
  const [larger, smaller, unit, below] =
    whole < 7_200
      ? [Math.floor(whole / 60), whole % 60, 'min', 's']
      : [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), 'h', 'min'];
  return smaller === 0 ? `${larger} ${unit}` : `${larger} ${unit} ${String(smaller).padStart(2, '0')} ${below}`;
}
