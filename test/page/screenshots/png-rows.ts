/** What a filter of the PNG specification (9.2) adds to a byte, of those to the left, above, and above to the left. */
const filters: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

/** The rows of a picture without their filters, each after a byte that says so. */
export function unfiltered(rows: Buffer, width: number, channels: number): Buffer {
  const stride = width * channels + 1;
  const plain = Buffer.alloc(rows.length);
  for (let start = 0; start < rows.length; start += stride) {
    const filter = filters[rows[start] ?? 0];
    if (filter === undefined) throw new Error('a row has a filter that there is not');
    for (let at = start + 1; at < start + stride; at++) {
      const isFirst = at <= start + channels;
      const left = isFirst ? 0 : (plain[at - channels] ?? 0);
      const above = plain[at - stride] ?? 0;
      const corner = isFirst ? 0 : (plain[at - stride - channels] ?? 0);
      plain[at] = (rows[at] ?? 0) + filter(left, above, corner);
    }
  }
  return plain;
}

/** The one of the three that is nearest to what they make expect. */
function paeth(left: number, above: number, corner: number): number {
  const expected = left + above - corner;
  const toLeft = Math.abs(expected - left);
  const toAbove = Math.abs(expected - above);
  const toCorner = Math.abs(expected - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
