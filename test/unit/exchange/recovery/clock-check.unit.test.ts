import { describe, expect, it } from 'vitest';
import { mustNotBeBehind } from '../../../../src/exchange/recovery/clock-check.js';

const HOUR_MS = 3_600_000;
const now = Date.UTC(2030, 0, 1);

describe('the time of a log', () => {
  it.each([
    ['as the clock says', 0],
    ['before it, however far', -20 * 365 * 24 * HOUR_MS],
    ['ahead of it by as much as may be', HOUR_MS],
  ])('The time of a log is gone on in: %s', (_what, aheadMs) => {
    expect(() => mustNotBeBehind(now + aheadMs, now, HOUR_MS)).not.toThrow();
  });

  it('The time of a log that is too far ahead is refused, with both times and both ways out', () => {
    const check = (): void => mustNotBeBehind(Date.UTC(2040, 0, 1), now, HOUR_MS);
    expect(check).toThrow(expect.objectContaining({ name: 'ClockBehindLogError', code: 'CLOCK_BEHIND_LOG' }));
    expect(check).toThrow(
      'the log’s time is 2040-01-01T00:00:00.000Z, and this machine’s clock says 2030-01-01T00:00:00.000Z',
    );
    expect(check).toThrow(/set the clock right, or, .* give --max-clock-ahead 315532800 or more/);
  });

  it('The time of a log is gone on in with what the refusal says, and not with less', () => {
    const ahead = now + 2 * HOUR_MS + 1;
    expect(() => mustNotBeBehind(ahead, now, 7_201_000)).not.toThrow();
    expect(() => mustNotBeBehind(ahead, now, 7_200_000)).toThrow('--max-clock-ahead 7201 or more');
  });
});
