import { describe, expect, it } from 'vitest';
import {
  parsePlace,
  parsePoint,
  parsePosition,
  type LogPosition,
  shardNamedBy,
} from '../../../../../src/cli/options/logs/points.js';
import { timeIn } from '../../../../../src/cli/options/times.js';
import { placeOf, placeText } from '../../../../../projections/store/places.js';
import { positionText } from '../../../../../src/log/position-text.js';

const nowMs = Date.parse('2026-11-23T10:45:00.500Z');

describe('a position that an option takes', () => {
  it.each([
    ['0', { position: 0 }],
    ['120', { position: 120 }],
    ['0/37', { shard: 0, position: 37 }],
    ['1/11', { shard: 1, position: 11 }],
  ])('A position that an option takes is %s as it is shown', (text, expected) => {
    expect(parsePosition(text)).toEqual(expected);
    expect(parsePoint(text)).toEqual(expected);
    expect(parsePlace(text)).toEqual(expected);
    expect(positionText(expected.position, (expected as LogPosition).shard)).toBe(text);
  });

  it.each([
    '',
    '-1',
    '1.5',
    '1e3',
    ' 1',
    '0x1',
    '1,234',
    '1/',
    '/1',
    '1/2/3',
    '1:11',
    '9007199254740993',
    '99999999/1',
  ])('A position that an option takes is never %s', (text) => {
    expect(() => parsePosition(text)).toThrow('a log position is');
    expect(() => parsePoint(text)).toThrow('SHARD/POSITION');
  });

  it('A position is taken among all shards in the other forms too in which it is told: with a colon, and as one number', () => {
    const expected = { shard: 1, position: 11 };
    expect([parsePlace('1:11'), parsePlace(String(placeOf(1, 11)))]).toEqual([expected, expected]);
    expect([placeText(placeOf(1, 11), true), placeText(placeOf(0, 11), true), placeText(11, false)]).toEqual([
      '1/11',
      '0/11',
      '11',
    ]);
  });

  it('The positions of a command line name one shard at most', () => {
    expect(shardNamedBy(undefined, { position: 3 }, { atMs: 0 })).toBeUndefined();
    expect(shardNamedBy({ position: 3 }, { shard: 2, position: 4 })).toBe(2);
    expect(() => shardNamedBy({ shard: 0, position: 3 }, { shard: 2, position: 4 })).toThrow('several shards: 0, 2');
  });
});

describe('a time that an option takes', () => {
  it.each([
    ['2026-11-23T10:30:00Z', '2026-11-23T10:30:00.000Z'],
    ['2026-11-23T10:30:00.25Z', '2026-11-23T10:30:00.250Z'],
    ['2026-11-23T10:30:00+02:00', '2026-11-23T08:30:00.000Z'],
    ['2026-11-23T10:30', '2026-11-23T10:30:00.000Z'],
    ['2026-11-23 10:30:15', '2026-11-23T10:30:15.000Z'],
    ['2026-11-23', '2026-11-23T00:00:00.000Z'],
    ['10:30', '2026-11-23T10:30:00.000Z'],
    ['23:59:59.5', '2026-11-23T23:59:59.500Z'],
    ['90s', '2026-11-23T10:43:30.500Z'],
    ['15m', '2026-11-23T10:30:00.500Z'],
    ['1h', '2026-11-23T09:45:00.500Z'],
    ['2d', '2026-11-21T10:45:00.500Z'],
  ])('A time that an option takes is %s, in UTC unless it says otherwise', (text, expected) => {
    expect(new Date(timeIn(text, nowMs) ?? 0).toISOString()).toBe(expected);
    expect(parsePoint(text)).toHaveProperty('atMs');
  });

  it.each([
    '',
    'tomorrow',
    '10',
    '1:11',
    '24:00',
    '10:60',
    '2026-02-30',
    '2026-13-01',
    '2026-11-23T25:00Z',
    '1w',
    '-1h',
    '1.5h',
  ])('A time that an option takes is never %s', (text) => {
    expect(timeIn(text, nowMs)).toBeUndefined();
  });
});
