import { describe, expect, it } from 'vitest';
import { RowLayout } from '../../../../../src/web/log/shown/row-layout.js';

function laid(...heights: readonly number[]): RowLayout {
  const layout = new RowLayout();
  layout.lay(heights.length, (index) => heights[index] ?? 0);
  return layout;
}

describe('the layout of rows', () => {
  it('The layout of rows finds the row at a height, however high each is', () => {
    const layout = laid(30, 20, 100, 30);
    expect([0, 29, 30, 49, 50, 149, 150, 179, 500].map((y) => layout.at(y))).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 3]);
    expect(layout.height).toBe(180);
    expect(layout.top(2)).toBe(50);
  });

  it('The layout of rows shows just the rows that are seen, and those within the margin', () => {
    const layout = laid(...Array.from({ length: 1_000 }, () => 30));
    expect(layout.seen(3_000, 300, 0)).toEqual({ first: 100, last: 111 });
    expect(layout.seen(3_000, 300, 60)).toEqual({ first: 98, last: 113 });
    expect(layout.seen(29_990, 300, 0).last).toBe(1_000);
  });

  it('The layout of rows shows none where there is none', () => {
    expect(laid().seen(0, 600, 300)).toEqual({ first: 0, last: 0 });
  });

  it('The layout of rows forgets the rows that there were before', () => {
    const layout = laid(10, 10, 10);
    layout.lay(1, () => 40);
    expect(layout.height).toBe(40);
    expect(layout.seen(0, 1_000, 0)).toEqual({ first: 0, last: 1 });
  });
});
