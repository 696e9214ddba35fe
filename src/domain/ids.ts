/**
 * Every shard hands out intention ids from a range of its own, so an id alone tells where its negotiator lives, and needs no
 * coordination. Shard 0 counts from 1.
 */
export const IDS_PER_SHARD = 2 ** 32;

/** Rows, levels and deals in flight are known by their index in a table. */
export const enum Index {
  None = -1,
}

/** The shard in which an intention was posted. */
export function shardOf(intentionId: number): number {
  return Math.floor(intentionId / IDS_PER_SHARD);
}

/** Whether the two sides of a deal live in different shards. */
export function isCrossShard(initiatorId: number, responderId: number): boolean {
  return shardOf(initiatorId) !== shardOf(responderId);
}

/** The how-manieth intention of its shard it is, from 1 on. */
export function ordinalOf(intentionId: number): number {
  return intentionId % IDS_PER_SHARD;
}
