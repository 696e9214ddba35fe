import { describe, expect, it } from 'vitest';
import { whenAllCount } from '../../../../../infra/kafka/local/readiness.js';

const all = [1, 2, 3];

/** What each of three nodes counts, look by look. */
async function looksUntilCounted(looks: readonly (readonly number[][])[], ended?: number): Promise<number> {
  const asked = [0, 0, 0];
  const nodes = all.map((id) => ({
    ...{ id, internalAddress: String(id - 1), isRunning: id !== ended },
    lastWords: () => 'no memory is left',
  }));
  const ask = (address: string): Promise<number[]> => {
    const node = Number(address);
    const look = asked[node] ?? 0;
    asked[node] = look + 1;
    return Promise.resolve(looks[look]?.[node] ?? []);
  };
  await whenAllCount(nodes, ask, 0);
  return Math.max(...asked);
}

describe('nodes that start', () => {
  it('Nodes that start are waited for until all count all in one look, not each in one of its own', async () => {
    const oneWasLate = [
      [[], [], []],
      [[1, 2], all, all],
      [all, [2, 3], all],
      [all, all, [3]],
      [all, all, all],
    ];
    expect(await looksUntilCounted(oneWasLate)).toBe(5);
  });

  it('Nodes that start are waited for no longer once one has ended', async () => {
    const outcome = looksUntilCounted([[all, all, []]], 3);
    await expect(outcome).rejects.toThrow('Kafka’s node 3 has ended:\nno memory is left');
  });
});
