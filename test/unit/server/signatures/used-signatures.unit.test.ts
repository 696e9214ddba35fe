import { describe, expect, it } from 'vitest';
import { UsedSignatures } from '../../../../src/server/signatures/used-signatures.js';

describe('signatures that have been used', () => {
  it('Signatures that have been used are not used again for as long as their time can be taken', () => {
    let nowMs = 0;
    const used = new UsedSignatures(30_000, () => nowMs);
    const [one, other] = [Buffer.alloc(64, 1), Buffer.alloc(64, 2)];
    expect([used.use(one), used.use(other), used.use(one)]).toEqual([true, true, false]);
    nowMs = 59_999; // one that was made 30 s ahead of the clock can still be taken
    expect(used.use(one)).toBe(false);
    nowMs = 60_000; // its time cannot be taken any more, and nothing need be kept
    expect(used.use(one)).toBe(true);
  });
});
