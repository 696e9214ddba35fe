import type { ShardMessage } from '../../../src/domain/handshake/shard-message.js';
import type { Event } from '../../../src/events/event.js';

/** One thing that happens in a model, as its trace tells it. */
export interface Step {
  readonly place: number;
  readonly kind: 'message' | 'ledger' | 'deadline' | 'commit' | 'post' | 'crash' | 'stall' | 'fenced';
  /** Whether it is an old writer that does it, and not its successor. */
  readonly isOld: boolean;
  readonly message?: ShardMessage;
  /** What is said beside it. */
  readonly note: string;
  /** What an append of unknown outcome left in the log, at a crash. */
  readonly stored: readonly Event[];
  /** What was recorded, and is not durable yet. */
  readonly recorded: readonly Event[];
}
