import { describe, expect, it } from 'vitest';
import { PositionNames } from '../../../src/log/position-names.js';

describe('names of files by their positions', () => {
  const names = new PositionNames('snapshot');

  it('Names by position are read back, in ascending order', () => {
    const positions = [0, 7, 1_200, Number.MAX_SAFE_INTEGER];
    expect(names.nameOf(1_200)).toBe('snapshot-00000000000000001200.bin');
    expect(names.positionsIn(positions.map((position) => names.nameOf(position)).reverse())).toEqual(positions);
  });

  it('Names by position that are of something else are passed over', () => {
    const others = ['snapshot-12.bin', 'model-00000000000000001200.bin', 'snapshot-00000000000000001200.bin.new', ''];
    expect(names.positionsIn(others)).toEqual([]);
  });
});
