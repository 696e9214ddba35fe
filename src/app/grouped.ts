/** A whole number with its thousands apart. */
export function grouped(value: number | bigint): string {
  return value.toLocaleString('en-US');
}
