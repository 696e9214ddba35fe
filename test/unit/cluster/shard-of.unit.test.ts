import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { murmur2, shardOfSymbol } from '../../../src/cluster/shard-of.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The partition that kafkajs would send a record with this key to. */
function partitionOf(key: string, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => {
    return { partitionErrorCode: 0, partitionId, leader: 0, replicas: [0], isr: [0] };
  });
  return Partitioners.DefaultPartitioner()({ topic: 'any', partitionMetadata, message: { key, value: '' } });
}

describe('the shard of a symbol', () => {
  it('The shard of a symbol hashes as Kafka’s own clients do', () => {
    // From the tests of Kafka's Java client (UtilsTest).
    expect(murmur2(bytesOf('21'))).toBe(-973_932_308);
    expect(murmur2(bytesOf('foobar'))).toBe(-790_332_482);
    expect(murmur2(bytesOf('a-little-bit-long-string'))).toBe(-985_981_536);
    expect(murmur2(bytesOf('a-little-bit-longer-string'))).toBe(-1_486_304_829);
    expect(murmur2(bytesOf('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8'))).toBe(-58_897_971);
  });

  it('The shard of a symbol is the partition that the default partitioner chooses, whatever the symbol and the number of shards', () => {
    const symbols = [
      'A',
      'AB',
      'ACME',
      'GLOBEX',
      'INITECH',
      'X.1',
      'a-b_c.d',
      'Z'.repeat(32),
      'é',
      '漢字',
      '😀'.repeat(200),
    ];
    for (const shards of [1, 2, 3, 8, 12, 64]) {
      for (const symbol of symbols) expect(shardOfSymbol(symbol, shards)).toBe(partitionOf(symbol, shards));
    }
  });
});
