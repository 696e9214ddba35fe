/** The input and the result of one part of the benchmark. Each part runs in a process of its own. */
export interface PartOptions {
  /** How long each sustained measurement takes. */
  readonly seconds: number;
  /** How many events the history part looks back over. */
  readonly events: number;
  /** Shorter runs and smaller numbers, to see that all parts work. Its figures mean little. */
  readonly quick: boolean;
  /** A folder for this part’s own files, removed afterwards. */
  readonly folder: string;
  /** The log that the durable part has left, for the replay. */
  readonly logFolder: string;
}

export type Part = (options: PartOptions) => Promise<object>;

/** Progress goes to stderr. */
export function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
