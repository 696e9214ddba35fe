/** Where each row of a long list stands, and which of them can be seen. */

/** How high rows are, in pixels. */
export class RowLayout {
  private tops = new Float64Array(1);
  private count = 0;

  /** Of so many rows; `heightOf` says how high each is. */
  lay(count: number, heightOf: (index: number) => number): void {
    if (this.tops.length < count + 1) this.tops = new Float64Array(Math.max(count + 1, 2 * this.tops.length));
    this.tops[0] = 0;
    for (let index = 0; index < count; index++) this.tops[index + 1] = this.top(index) + heightOf(index);
    this.count = count;
  }

  get height(): number {
    return this.top(this.count);
  }

  /** Where a row begins; of one after the last, where that ends. */
  top(index: number): number {
    return this.tops[Math.min(Math.max(0, index), this.tops.length - 1)] ?? 0;
  }

  /** The row that covers a height: the last one where it lies below all. */
  at(y: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.top(middle + 1) <= y) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, Math.min(low, this.count - 1));
  }

  /** The rows that are seen of a view of `height` from `y` on, and `margin` around it: from the first up to before the last. */
  seen(y: number, height: number, margin: number): { readonly first: number; readonly last: number } {
    if (this.count === 0) return { first: 0, last: 0 };
    return { first: this.at(Math.max(0, y - margin)), last: this.at(y + height + margin) + 1 };
  }
}
