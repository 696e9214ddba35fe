const DIGITS = 20;

/** Names of files that each are of a position: `snapshot-00000000000000001200.bin`. In the order of their names they are in that of their positions. */
export class PositionNames {
  readonly #pattern: RegExp;

  /** `prefix`: letters alone. */
  constructor(private readonly prefix: string) {
    this.#pattern = new RegExp(`^${prefix}-(\\d{${DIGITS}})\\.bin$`);
  }

  nameOf(position: number): string {
    return `${this.prefix}-${String(position).padStart(DIGITS, '0')}.bin`;
  }

  /** The positions that files of these names are of, in ascending order; other names are passed over. */
  positionsIn(names: readonly string[]): number[] {
    return names
      .map((name) => this.#pattern.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((one, other) => one - other);
  }
}
