import type { Letter } from '../../src/domain/letter.js';
import type { Event } from '../../src/events/event.js';

/** One thing that happens in a world, as its story tells it. */
export interface Step {
  readonly place: number;
  readonly kind: 'letter' | 'ledger' | 'deadline' | 'commit' | 'post' | 'crash' | 'stall' | 'fenced';
  /** Whether it is an old writer that does it, and not its successor. */
  readonly isOld: boolean;
  readonly letter?: Letter;
  /** What is said beside it. */
  readonly note: string;
  /** What an append of unknown outcome left in the log, at a crash. */
  readonly stored: readonly Event[];
  /** What was recorded, and is not durable yet. */
  readonly recorded: readonly Event[];
}
