import { describe, expect, it, vi } from 'vitest';
import { whenAllCount } from '../../../infra/kafka/local/readiness.js';

/** What each of three nodes counts, look by look. */
async function looksUntilCounted(looks: readonly (readonly number[][])[], check = vi.fn()): Promise<number> {
  const asked = [0, 0, 0];
  const addresses = ['0', '1', '2'];
  const ask = (address: string): Promise<number[]> => {
    const node = Number(address);
    const look = asked[node] ?? 0;
    asked[node] = look + 1;
    return Promise.resolve(looks[look]?.[node] ?? []);
  };
  await whenAllCount({ addresses, ids: [1, 2, 3], check, ask, pollMs: 0 });
  return Math.max(...asked);
}

const all = [1, 2, 3];

describe('nodes that start', () => {
  it('are waited for until all count all in one look, not each in one of its own', async () => {
    const oneWasLate = [
      [[], [], []],
      [[1, 2], all, all],
      [all, [2, 3], all],
      [all, all, [3]],
      [all, all, all],
    ];
    expect(await looksUntilCounted(oneWasLate)).toBe(5);
  });

  it('are waited for no longer once one has ended', async () => {
    const check = vi.fn(() => {
      throw new Error('ended');
    });
    await expect(looksUntilCounted([[all, all, []]], check)).rejects.toThrow('ended');
  });
});
