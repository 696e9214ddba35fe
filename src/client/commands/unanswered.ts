type Source<Item> = Iterator<Item> | AsyncIterator<Item>;

const LINES_IN_PIECE = 256;
/** So that a piece fits into a body that is sent whole, whatever letters it is of. */
const LETTERS_IN_PIECE = 20_000;

/**
 * The commands that are not answered yet, across all connections that it takes to get their answers.
 *
 * 1. A command is taken from the source once, and kept until its answer has come.
 * 2. Never more than `window` are kept: the source waits for answers.
 */
export class Unanswered<Item> {
  readonly #source: Source<Item>;
  readonly #window: number;
  /** Called once for each: what is sent again is the same. */
  readonly #encode: (item: Item) => string;
  readonly #lines: string[] = [];
  /** How many of the lines this connection has been given. */
  #given = 0;
  /** The source’s next post, asked for and not yet come; a connection that breaks must not lose it. */
  #coming: Promise<IteratorResult<Item>> | undefined;
  #filling: Promise<void> | undefined;
  #isExhausted = false;
  /** What the source threw. */
  failure: { readonly error: unknown } | undefined;
  #onRoom: () => void = () => undefined;

  constructor(source: Source<Item>, window: number, encode: (item: Item) => string) {
    this.#source = source;
    this.#window = window;
    this.#encode = encode;
  }

  /** Everything is answered, and nothing more will come. */
  get isOver(): boolean {
    return this.#isExhausted && this.#lines.length === 0;
  }

  /** Whether this connection has been given a post that has no answer yet. */
  get isAwaited(): boolean {
    return this.#given > 0;
  }

  /** Begins a new connection: what was not answered is given again. */
  rewind(): void {
    this.#given = 0;
  }

  /** The oldest is answered. */
  answered(): void {
    this.#lines.shift();
    this.#given--;
    this.#onRoom();
  }

  /** The next piece to send: as many lines as are there at once. Undefined at the end, or when nobody wants it any more. */
  async piece(isWanted: () => boolean): Promise<string | undefined> {
    while (this.#given === this.#lines.length) {
      if (this.#isExhausted) return undefined;
      if (this.#lines.length >= this.#window) await new Promise<void>((resolve) => (this.#onRoom = resolve));
      else await (this.#filling ??= this.#fill().finally(() => (this.#filling = undefined)));
      if (!isWanted()) return undefined;
    }
    let piece = '';
    for (let count = 0; count < LINES_IN_PIECE && this.#given < this.#lines.length; count++) {
      const line = this.#lines[this.#given] ?? '';
      if (piece !== '' && piece.length + line.length > LETTERS_IN_PIECE) break;
      piece += line;
      this.#given++;
    }
    return piece;
  }

  /** Takes one post, and then as many more as come without waiting. */
  async #fill(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), 0)));
    for (let taken = 0; taken < LINES_IN_PIECE && this.#lines.length < this.#window; taken++) {
      const result = await (taken === 0 ? this.#next() : Promise.race([this.#next(), soon]));
      if (result === undefined) break;
      this.#coming = undefined;
      this.#isExhausted = result.done === true;
      if (result.done === true) break;
      this.#lines.push(`${this.#encode(result.value)}\n`);
    }
    clearTimeout(timer);
  }

  async #next(): Promise<IteratorResult<Item>> {
    try {
      return await (this.#coming ??= Promise.resolve(this.#source.next()));
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
  }
}
