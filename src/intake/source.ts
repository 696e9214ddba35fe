/** A command as a topic holds it: bytes under a key, with headers. */
export interface TopicCommand {
  readonly offset: number;
  readonly key: string;
  readonly value: Uint8Array;
  /** Why nobody can read it, and where it stands; it then has no value, and may stand for several. */
  readonly unreadable?: string | undefined;
}

/**
 * Where a shard's commands come from. What is noted here is committed together with the events that the commands caused, or with
 * nothing but itself: infra/kafka/topics/command-topic.ts is the real one.
 */
export interface CommandSource<Command extends TopicCommand = TopicCommand> {
  /**
   * From the first that has not been taken, in order, until aborted; now and then none, to say that it can be read. Throws when the
   * topic cannot be read just now.
   */
  follow(signal: AbortSignal): AsyncIterable<readonly Command[]>;
  /** In the turn in which a command begins. */
  starting(command: Command): void;
  /** A command that came to nothing goes to the dead letters, with the reason. */
  refuse(command: Command, code: string, detail: string): void;
  /** A command that is another shard's goes there. False when it has been sent on before. */
  forward(command: Command, shard: number): boolean;
  /** Nothing that was noted waits to be committed. */
  readonly isSettled: boolean;
}
