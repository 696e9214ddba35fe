import { expect, it } from 'vitest';
import { nowAndThen } from '../../../../src/app/demo/failing.js';

it('Negotiators fail now and then: most once, each third whenever it is asked again, and never one of what is dealt whole', () => {
  const faults = nowAndThen();
  const failed: number[] = [];
  for (let initiatorId = 1; initiatorId <= 1_000; initiatorId++) {
    const isOfWhole = initiatorId % 7 !== 0;
    let times = 0;
    while (times < 4 && faults({ initiatorId, isOfWhole })) times++;
    if (times > 0) failed.push(times);
    if (times > 1) expect(isOfWhole).toBe(false);
  }
  expect(failed.length).toBeGreaterThan(8);
  expect(failed.slice(0, 9)).toEqual([1, 1, 4, 1, 1, 4, 1, 1, 4]);
});
