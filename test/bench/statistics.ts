/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no values have no median');
  return (upper + lower) / 2;
}

/** Of the line that fits points of x and y best, by least squares: by how much y grows for each x. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

/** Durations, for percentiles: keeps each of them, so a percentile is exact. */
export class Durations {
  private values = new Float64Array(1 << 16);
  count = 0;

  add(value: number): void {
    if (this.count === this.values.length) {
      const larger = new Float64Array(2 * this.count);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count++] = value;
  }

  /** For each share of 1, the smallest duration that so many of them do not exceed (nearest rank). */
  percentiles(shares: readonly number[]): number[] {
    const sorted = this.values.slice(0, this.count).sort();
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.count));
      const value = sorted[rank - 1];
      if (value === undefined) throw new RangeError('no durations have no percentiles');
      return value;
    });
  }
}

/** For people and for JSON: so many digits count, the rest is noise. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}
