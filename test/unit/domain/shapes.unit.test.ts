import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { EngineHarness, plainTerms } from '../../support/reference/engine-harness.js';

/** As many as V8 needs to take another way with a literal than at first. */
const MANY = 100;

setFlagsFromString('--allow-natives-syntax');
const haveSameShape = runInNewContext('(one, other) => %HaveSameMap(one, other)') as (
  one: object,
  other: object,
) => boolean;

function shapesOf(objects: readonly object[]): object[] {
  const shapes: object[] = [];
  for (const each of objects) if (!shapes.some((shape) => haveSameShape(shape, each))) shapes.push(each);
  return shapes;
}

describe('what is kept of each', () => {
  it('All instruments have one shape, so that a turn finds their fields at once however many there are', () => {
    const harness = new EngineHarness();
    for (let number = 0; number < MANY; number++) {
      harness.engine.list({ ...plainTerms, symbol: `S${number}` }, harness.atMs);
    }
    expect(harness.market.instruments.length).toBeGreaterThanOrEqual(MANY);
    expect(shapesOf(harness.market.instruments)).toHaveLength(1);
  });
});
