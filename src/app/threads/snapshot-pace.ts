/** What was read to make a snapshot, and what it took. */
export interface SnapshotCost {
  /** Replayed from the snapshot before. */
  readonly events: number;
  readonly replayMs: number;
  /** Replayed, encoded and written. */
  readonly ms: number;
}

/** A replay from the newest snapshot on is to take no longer. */
const REPLAY_MS = 2_000;
/** Taken for what a replay manages until one was seen: less than most do. */
const FIRST_EVENTS_A_MS = 500;
/** Too few to tell how fast a replay is. */
const FEW_EVENTS = 100_000;
/** How much longer than a making the rest after it is: snapshots take a fifth of a thread at most. */
const REST = 4;

/**
 * When the next snapshot is due: once a replay of what came since the last would take two seconds, as fast as the replays were by which
 * snapshots have been made; or once there are so many events, where that is said.
 *
 * 1. A large state takes long to write, so there is a rest after each making, in proportion: what it costs is bounded whatever is asked for.
 */
export class SnapshotPace {
  private eventsAMs = FIRST_EVENTS_A_MS;
  private restUntilMs = 0;

  /** `everyEvents`: how far apart they are, if that is said. */
  constructor(private readonly everyEvents: number | undefined) {}

  /** Whether one is due so many events after the last. */
  isDue(events: number, nowMs: number): boolean {
    return nowMs >= this.restUntilMs && events >= (this.everyEvents ?? REPLAY_MS * this.eventsAMs);
  }

  made({ events, replayMs, ms }: SnapshotCost, nowMs: number): void {
    if (events >= FEW_EVENTS) this.eventsAMs = events / Math.max(1, replayMs);
    this.restUntilMs = nowMs + REST * ms;
  }
}
