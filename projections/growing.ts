/** A column in which there is a place for this index: itself, or one at least twice as long that begins with it. */
export function reaching(column: Uint32Array<ArrayBuffer>, index: number): Uint32Array<ArrayBuffer> {
  if (index < column.length) return column;
  const longer = new Uint32Array(Math.max(2 * column.length, index + 1));
  longer.set(column);
  return longer;
}
