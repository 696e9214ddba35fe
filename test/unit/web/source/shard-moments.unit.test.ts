import { describe, expect, it } from 'vitest';
import { type MomentCalls, ShardMoments } from '../../../../src/web/source/shard-moments.js';

const TIME = '2030-01-07T09:00:00.000Z';

function calls(shard: number | undefined, asked: string[] = []): MomentCalls {
  const ofShard = shard === undefined ? {} : { shard };
  return {
    moment: ({ at }) => {
      asked.push(`moment ${at}`);
      return Promise.resolve({ position: at, at: TIME, ...ofShard });
    },
    ticker: (symbol) => {
      asked.push(`ticker ${symbol}`);
      return Promise.resolve({
        instrument: symbol,
        phase: 'continuous',
        position: 0,
        trades: 0,
        volume: '0',
        shard: 1,
      } as never); // its shard is all that is read
    },
  };
}

describe('moments of several shards', () => {
  it('What is live is asked for as it is, and no moment is looked up', async () => {
    const asked: string[] = [];
    expect(await new ShardMoments(calls(0, asked)).ofAll({ shard: 0 })).toEqual({});
    expect(asked).toEqual([]);
  });

  it('Where there is one shard alone, everything is asked for with the position, and that is found out once', async () => {
    const asked: string[] = [];
    const moments = new ShardMoments(calls(undefined, asked));
    expect(await moments.ofAll({ at: 5 })).toEqual({ at: 5 });
    expect(await moments.ofInstrument('ACME', { at: 6 })).toEqual({ at: 6 });
    expect(asked).toEqual(['moment 5']);
  });

  it('Of several, a list and what is of another shard are asked for with the time then', async () => {
    const moments = new ShardMoments(calls(0));
    const byTime = { at: undefined, atTime: TIME };
    expect(await moments.ofAll({ at: 5 })).toEqual(byTime);
    expect(await moments.ofInstrument('ACME', { at: 5 })).toEqual(byTime);
  });

  it('Of several, an instrument, an intention and a deal of the shard are asked for with the position', async () => {
    const asked: string[] = [];
    const moments = new ShardMoments(calls(1, asked));
    for (let times = 0; times < 2; times++)
      expect(await moments.ofInstrument('ACME', { at: 5, shard: 1 })).toEqual({ at: 5 });
    expect(await moments.ofId('7', { at: 5, shard: 1 })).toEqual({ at: undefined, atTime: TIME });
    expect(asked).toEqual(['moment 5', 'ticker ACME']);
  });
});
