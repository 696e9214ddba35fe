import { expect, it } from 'vitest';
import { Durations, median, rounded, slope } from '../../bench/statistics.js';

it('The median is the middle of an odd number of values and the mean of the middle two of an even number', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow(RangeError);
});

it('Percentiles are exact, by nearest rank, however many durations there are', () => {
  const durations = new Durations();
  for (let value = 100_000; value >= 1; value--) durations.add(value);
  expect(durations.percentiles([0.5, 0.99, 0.999, 1])).toEqual([50_000, 99_000, 99_900, 100_000]);
});

it('Every percentile of a single duration is that duration', () => {
  const durations = new Durations();
  durations.add(7);
  expect(durations.percentiles([0, 0.5, 1])).toEqual([7, 7, 7]);
  expect(() => new Durations().percentiles([0.5])).toThrow(RangeError);
});

it('Figures are rounded to the digits that count', () => {
  expect(rounded(123_456.7)).toBe(123_500);
  expect(rounded(0.012345, 2)).toBe(0.012);
});

it('The slope is that of the line which points lie on, or come nearest to', () => {
  expect(
    slope([
      [0, 5],
      [1, 7],
      [3, 11],
    ]),
  ).toBeCloseTo(2);
  expect(
    slope([
      [0, 1],
      [1, 3],
      [2, 1],
    ]),
  ).toBeCloseTo(0);
});
