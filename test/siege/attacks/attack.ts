/** One way in which a greedy client loads a server. */
export interface Attack {
  /** What it gets done, for people. */
  readonly unit: string;
  /** Goes on until the signal aborts; calls back with what it has got done, as it does. */
  run(where: Where, done: (count: number) => void, signal: AbortSignal): Promise<void>;
}

export interface Where {
  readonly port: number;
  /** Of one who is greedy, and of an operator who is. */
  readonly greedyKey: string;
  readonly operatorKey: string;
}
