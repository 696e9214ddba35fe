/** What a store was found to hold. */
export interface Found<Value> {
  readonly value: Value;
  /** It is as of all events before this log position, exactly. */
  readonly position: number;
}

/** Positions by the number of the shard. */
export type Heads = ReadonlyMap<number, number>;

/** What the stores were found to hold, and where each of those that were asked stood then. */
export interface FoundIn<Value> {
  readonly value: Value;
  readonly heads: Heads;
}
