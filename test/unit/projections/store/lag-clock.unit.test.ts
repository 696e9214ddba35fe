import { expect, it } from 'vitest';
import { LagClock } from '../../../../projections/store/lag-clock.js';

it('A lag clock tells how long ago the log was where its follower is', () => {
  let [head, nowMs] = [0, 0];
  const clock = new LagClock(
    () => head,
    () => nowMs,
  );
  expect(clock.reached(0)).toBe(0);
  [head, nowMs] = [100, 1_000];
  expect(clock.reached(10)).toBe(0);
  [head, nowMs] = [200, 1_300];
  expect(clock.reached(50)).toBe(300);
  nowMs = 1_400;
  expect(clock.reached(120)).toBe(400);
  nowMs = 1_500;
  expect(clock.reached(150)).toBe(400);
  nowMs = 1_700;
  expect(clock.reached(200)).toBe(0);
  expect(clock.reached(200)).toBe(0);
});

it('A lag clock that nobody tells how far the log is tells of no lag', () => {
  const clock = new LagClock(() => undefined);
  expect(clock.reached(5)).toBe(0);
  expect(clock.reached(1_000)).toBe(0);
});
