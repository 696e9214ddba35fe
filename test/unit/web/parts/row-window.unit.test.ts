import { describe, expect, it } from 'vitest';
import { windowOf } from '../../../../src/web/parts/row-window.js';

describe('the window of rows', () => {
  it('Only rows in the stretch that can be seen are in it; the rest is as high as they are', () => {
    const { from, until, heightBefore, heightAfter } = windowOf({ from: 3_410, until: 4_430 }, 34, 1_000);
    expect([from, until]).toEqual([100, 131]);
    expect([heightBefore, heightAfter]).toEqual([100 * 34, 869 * 34]);
  });

  it('A list that is short, empty, or scrolled past is never left by it', () => {
    expect(windowOf({ from: -500, until: 2_000 }, 34, 3)).toMatchObject({ from: 0, until: 3 });
    expect(windowOf({ from: 0, until: 2_000 }, 34, 0)).toMatchObject({ from: 0, until: 0 });
    expect(windowOf({ from: 1e6, until: 2e6 }, 34, 50)).toMatchObject({ from: 50, until: 50 });
  });
});
