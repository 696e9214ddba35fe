/** So many commands of one intention are remembered. */
const MOST_REMEMBERED = 16;

/** A command that a client gave an id of its own. */
export interface RememberedCommand {
  readonly clientCommandId: string;
  /** Of the event that recorded it. */
  readonly position: number;
}

/** What is remembered of one intention, the oldest first. */
export interface RememberedCommands {
  readonly intentionId: number;
  readonly isOpen: boolean;
  readonly commands: readonly RememberedCommand[];
}

/** So many intentions that have closed are still known. */
const MOST_CLOSED = 1_000;

/**
 * Which commands have changed each intention, by the ids that their clients gave them: one that comes again is known, and is not done
 * again.
 *
 * 1. Of each intention the last 16 are remembered, while it is open, and as long as it is among the last 1,000 that have closed.
 */
export class CommandIds {
  private readonly open = new Map<number, RememberedCommand[]>();
  /** In the order in which they closed. */
  private readonly closed = new Map<number, RememberedCommand[]>();

  /** Whether nothing is remembered of any that is open. */
  get isEmpty(): boolean {
    return this.open.size === 0;
  }

  remember(intentionId: number, clientCommandId: string, position: number): void {
    const commands = this.open.get(intentionId) ?? [];
    this.open.set(intentionId, commands);
    commands.push({ clientCommandId, position });
    if (commands.length > MOST_REMEMBERED) commands.shift();
  }

  /** Position of the event that recorded the command; undefined where it is not known. */
  positionOf(intentionId: number, clientCommandId: string): number | undefined {
    const commands = this.open.get(intentionId) ?? this.closed.get(intentionId);
    return commands?.find((command) => command.clientCommandId === clientCommandId)?.position;
  }

  /** The intention has closed. */
  close(intentionId: number): void {
    const commands = this.open.get(intentionId);
    if (commands === undefined) return;
    this.open.delete(intentionId);
    this.closed.set(intentionId, commands);
    if (this.closed.size <= MOST_CLOSED) return;
    for (const oldest of this.closed.keys()) {
      this.closed.delete(oldest);
      return;
    }
  }

  /** All that is remembered, for snapshots and digests: of those that are open by intention, of the others in the order of closing. */
  dump(): readonly RememberedCommands[] {
    const all = (from: ReadonlyMap<number, RememberedCommand[]>, isOpen: boolean): RememberedCommands[] =>
      [...from].map(([intentionId, commands]) => ({ intentionId, isOpen, commands: [...commands] }));
    const open = all(this.open, true).sort((one, other) => one.intentionId - other.intentionId);
    return [...open, ...all(this.closed, false)];
  }

  load(dump: readonly RememberedCommands[]): void {
    for (const { intentionId, isOpen, commands } of dump) {
      (isOpen ? this.open : this.closed).set(intentionId, [...commands]);
    }
  }
}
