import { describe, expect, it } from 'vitest';
import { isShown } from '../../doc-blocks/comparison.js';
import type { Varying } from '../../doc-blocks/fences.js';

describe('what a document shows of what is printed', () => {
  it('Every number counts where nothing is marked', () => {
    expect(isShown('position 5\n', 'position 5', [])).toBe(true);
    expect(isShown('position 5', 'position 6', [])).toBe(false);
    expect(isShown('a  b', 'a b', [])).toBe(false);
    expect(isShown('', 'something', [])).toBe(false);
    expect(isShown('first', 'first\nsecond', [])).toBe(false);
  });

  it.each<readonly [Varying, string, string]>([
    ['times', 'at 2026-11-23T05:32:29.479Z  2-1', 'at 2000-01-01T00:00:00Z  2-1'],
    ['times', '{"atMs":1795943231534}', '{"atMs":1795943231535}'],
    ['durations', 'replayed 35 in 0.004 s', 'replayed 35 in 12.5 s'],
    ['durations', 'seconds      0.019', 'seconds   1,234.5'],
    ['rates', 'intentions  6, 308 a second', 'intentions  6, 1,012 a second'],
    ['rates', 'events a second  8,932', 'events a second  12'],
    ['digests', `digest ${'0a'.repeat(32)}`, `digest ${'b1'.repeat(32)}`],
    ['hosts', 'vm:7070  serving', 'a-longer.name:7070  serving'],
    ['keys', 'key 8e8366975408, once', 'key ced966fbea00, once'],
    ['numbers', 'offset 12, partition 3', 'offset 7, partition 0'],
  ])('What varies is left out, and nothing else: %s', (kind, shown, printed) => {
    expect(isShown(shown, printed, [])).toBe(false);
    expect(isShown(shown, printed, [kind])).toBe(true);
    expect(isShown(`${shown} more`, printed, [kind])).toBe(false);
  });

  it('An ellipsis stands for text within a line, and alone for any lines', () => {
    expect(isShown('listens on (…)', 'listens on (log in x, epoch 1)', [])).toBe(true);
    expect(isShown('listens on (…)', 'listens on\n(x)', [])).toBe(false);
    expect(isShown('a\n…\nd', 'a\nb\nc\nd', [])).toBe(true);
    expect(isShown('a\n…\nd', 'a\nd', [])).toBe(true);
    expect(isShown('a\n…\nd', 'a\nb', [])).toBe(false);
    expect(isShown('a\n…', 'a\nb\nc', [])).toBe(true);
  });

  it('Signs that mean something in patterns mean themselves', () => {
    expect(isShown('1 + 1 = (2) [x] $ ^ | .', '1 + 1 = (2) [x] $ ^ | .', [])).toBe(true);
    expect(isShown('a.c', 'abc', [])).toBe(false);
  });
});
