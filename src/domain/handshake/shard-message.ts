/**
 * A message between negotiators of different shards. Numbers that mean something within one shard alone, of participants and
 * instruments, travel as names.
 */
export interface ShardMessage {
  /** A Message. */
  readonly kind: number;
  readonly toId: number;
  readonly fromId: number;
  readonly dealNumber: number;
  /** 0 in an acceptance. */
  readonly priceTicks: number;
  readonly lots: number;
  /** Of an acceptance: the responder's participant. Otherwise empty. */
  readonly participant: string;
  /** Of an announcement or a proposal: the symbol of what is traded, and the sender's Side. Otherwise empty, and 0. */
  readonly instrument: string;
  readonly side: number;
}

/** What stands in a deal's stream. */
export interface DealDecision {
  /** An Outcome. */
  readonly outcome: number;
  /** Both 0 for an abort. */
  readonly priceTicks: number;
  readonly quantityLots: number;
}
