import { expect, it } from 'vitest';
import { readOptions } from '../../bench/options.js';
import { UsageError } from '../../support/rig.js';

it('The benchmark refuses options and parts that do not exist', () => {
  expect(() => readOptions(['--fast'], ['engine'])).toThrow(UsageError);
  expect(() => readOptions(['--only', 'engine,motor'], ['engine'])).toThrow(/no part motor/);
  expect(() => readOptions(['--seconds', '0'], ['engine'])).toThrow(UsageError);
  expect(readOptions(['--only', 'engine', '--quick'], ['engine'])).toMatchObject({
    only: ['engine'],
    quick: true,
    seconds: 2,
  });
});
