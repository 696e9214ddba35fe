/** Values that are equal by their key get one number, from 0 on: states then are rows of numbers. */
export class Interned<Value> {
  private readonly numbers = new Map<string, number>();
  private readonly values: Value[] = [];

  get size(): number {
    return this.values.length;
  }

  get(key: string): number | undefined {
    return this.numbers.get(key);
  }

  /** The number of the value with this key; `make` is asked for it the first time. */
  add(key: string, make: (number: number) => Value): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.values.length;
    this.numbers.set(key, number);
    this.values.push(make(number));
    return number;
  }

  at(number: number): Value {
    const value = this.values[number];
    if (value === undefined) throw new Error(`nothing has the number ${number}`);
    return value;
  }
}
