import { describe, expect, it } from 'vitest';
import { rowByKey } from '../../../../src/web/parts/row-keys.js';

describe('keys that go through rows', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 3, 2],
    ['ArrowUp', 0, 0],
    ['Home', 3, 0],
    ['End', 3, 9],
    ['x', 3, undefined],
  ])('Keys that go through rows: %s leads from row %i of ten to %s', (key, row, next) => {
    expect(rowByKey(key, row, 10)).toBe(next);
  });
});
