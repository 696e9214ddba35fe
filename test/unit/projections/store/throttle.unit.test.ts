import { expect, it } from 'vitest';
import { Throttle } from '../../../../projections/store/throttle.js';

it('A throttle rests less the further behind its work is, and not at all when that is far or somebody waits', () => {
  const throttle = new Throttle(0.25);
  const rests = [0, 100, 250, 400, 500, 60_000].map((lagMs) => throttle.restMs(10, { lagMs }));
  expect(rests[0]).toBe(30);
  expect(rests).toEqual(rests.toSorted((one, other) => other - one));
  expect(new Set(rests).size).toBe(5);
  expect(rests.slice(-2)).toEqual([0, 0]);
  expect(throttle.restMs(10, { isUrgent: true })).toBe(0);
});
