import { expect, it } from 'vitest';
import { readOptions } from '../../history/options.js';
import { UsageError } from '../../support/rig.js';

it('A history asks one server unless it is told of members, of which there are several on Kafka alone', () => {
  expect(readOptions([]).members).toBe(1);
  expect(readOptions(['--log', 'kafka', '--members', '3']).members).toBe(3);
  expect(() => readOptions(['--members', '3'])).toThrow(UsageError);
  expect(() => readOptions(['--log', 'kafka', '--members', '0'])).toThrow(UsageError);
});
