/** A column that is at least twice as long, begins with this one, and has a place for this index. */
export function grown(column: Uint32Array<ArrayBuffer>, index: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(Math.max(2 * column.length, index + 1));
  longer.set(column);
  return longer;
}
