/** Which shard an instrument lives in: the partition that Kafka's default partitioner gives a record whose key is its symbol. */

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const SHIFT = 24;

const encoder = new TextEncoder();
/** Symbols are 32 characters at most; what is longer is none, and is hashed all the same. */
const scratch = new Uint8Array(512);

/** `shards` is the number of shards of the cluster, which never changes. */
export function shardOfSymbol(symbol: string, shards: number): number {
  if (shards === 1) return 0;
  const { read, written } = encoder.encodeInto(symbol, scratch);
  const bytes = read === symbol.length ? scratch.subarray(0, written) : encoder.encode(symbol);
  return (murmur2(bytes) & 0x7fff_ffff) % shards;
}

/** MurmurHash2 by Austin Appleby, 32 bits, with the seed that Kafka's clients use. A signed number. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const whole = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < whole; at += 4) {
    let word = byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16);
    word = Math.imul(word | (byteAt(bytes, at + 3) << 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word ^ (word >>> SHIFT), MULTIPLIER);
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at--) hash ^= byteAt(bytes, at) << (8 * (at - whole));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
