const kinds = { f64: Float64Array, u32: Uint32Array, u8: Uint8Array } as const;

/** As what the numbers of a column are kept. */
export type Kind = keyof typeof kinds;

const FIRST_CAPACITY = 1024;

/** A table of numbers, kept in columns, that only grows. */
export class Columns<const Name extends string> {
  rows = 0;
  private columns: Record<Name, InstanceType<(typeof kinds)[Kind]>>;
  private readonly names: readonly Name[];
  private capacity = FIRST_CAPACITY;

  constructor(private readonly kindOf: Readonly<Record<Name, Kind>>) {
    this.names = Object.keys(kindOf) as Name[]; // they are its keys
    this.columns = this.made(FIRST_CAPACITY);
  }

  /** Appends a row; returns its index. */
  push(values: Readonly<Record<Name, number>>): number {
    if (this.rows === this.capacity) this.grow();
    const { rows, columns } = this;
    for (const name of this.names) columns[name][rows] = values[name];
    return this.rows++;
  }

  /** One number of a row that there is. */
  get(name: Name, row: number): number {
    return this.columns[name][row] as number; // the row is in range
  }

  set(name: Name, row: number, value: number): void {
    this.columns[name][row] = value;
  }

  /** A row that there is, as an object. */
  at(row: number): Record<Name, number> {
    const values = {} as Record<Name, number>; // it gets each name
    for (const name of this.names) values[name] = this.get(name, row);
    return values;
  }

  /** The first row whose number in a column that never falls is at least `value`; `rows` where there is none. */
  firstFrom(name: Name, value: number): number {
    const column = this.columns[name];
    let low = 0;
    let high = this.rows;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((column[middle] as number) < value)
        low = middle + 1; // middle is in range
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    this.capacity *= 2;
    const longer = this.made(this.capacity);
    for (const name of this.names) longer[name].set(this.columns[name]);
    this.columns = longer;
  }

  private made(capacity: number): typeof this.columns {
    const made = this.names.map((name) => [name, new kinds[this.kindOf[name]](capacity)] as const);
    return Object.fromEntries(made) as typeof this.columns; // of each name
  }
}
