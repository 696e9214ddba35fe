import { describe, expect, it } from 'vitest';
import { anchorText, parseAnchor } from '../../../src/log/anchor.js';

const digest = 'ab'.repeat(32);

describe('an anchor', () => {
  it('An anchor is read as it is written, with its shard or without', () => {
    const anchor = { shard: 3, position: 68, digest };
    expect(anchorText(anchor)).toBe(`3/68:${digest}`);
    expect(parseAnchor(anchorText(anchor))).toEqual(anchor);
    expect(parseAnchor(`68:${digest.toUpperCase()}`)).toEqual({ shard: undefined, position: 68, digest });
    expect(anchorText({ shard: undefined, position: 68, digest })).toBe(`0/68:${digest}`);
  });

  it.each([
    '',
    digest,
    `:${digest}`,
    `0:${digest}`,
    `068:${digest}`,
    `-1:${digest}`,
    `9007199254740993:${digest}`,
    `68:${digest.slice(1)}`,
    `68:${digest}0`,
    `68:${'g'.repeat(64)}`,
    `0x1/68:${digest}`,
    `1/2/68:${digest}`,
    ` 68:${digest}`,
  ])('An anchor is read from nothing else: %s', (text) => {
    expect(parseAnchor(text)).toBeUndefined();
  });
});
