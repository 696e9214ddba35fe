/** A sum of whole numbers that is exact however large it grows: a plain number while that is exact, a bigint for what is beyond. */
export class ExactTotal {
  private low = 0;
  private high = 0n;

  /** Adds a whole number from 0 to 2^53−1. */
  add(value: number): void {
    const sum = this.low + value;
    if (sum <= Number.MAX_SAFE_INTEGER) {
      this.low = sum;
    } else {
      this.high += BigInt(this.low);
      this.low = value;
    }
  }

  /** Adds the product of two whole numbers from 0 to 2^53−1. */
  addProduct(one: number, other: number): void {
    const product = one * other;
    if (product <= Number.MAX_SAFE_INTEGER) this.add(product);
    else this.high += BigInt(one) * BigInt(other);
  }

  /** Adds a whole number of any size. */
  addExact(value: bigint): void {
    this.high += value;
  }

  get value(): bigint {
    return this.high + BigInt(this.low);
  }
}
