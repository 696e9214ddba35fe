/**
 * The hashes of an index of client ids in the order of its segments, each with its number: pairs, one after the other. Who fills a table
 * of hundreds of megabytes in this order writes to one segment at a time, which stays in the processor's cache; in the order of the
 * numbers it would wait for memory at every one.
 *
 * `slices`: the hashes by number; number 0 is no intention's. `segmentOf`: the place of a hash among `segments`.
 */
export function bySegment(
  slices: readonly Int32Array[],
  segments: number,
  segmentOf: (hash: number) => number,
): Int32Array {
  const ends = new Int32Array(segments);
  visit(slices, (hash) => {
    const segment = segmentOf(hash);
    ends[segment] = (ends[segment] as number) + 1; // a place among the segments, here and below
  });
  let count = 0;
  for (let segment = 0; segment < segments; segment++) {
    const here = ends[segment] as number;
    ends[segment] = count;
    count += here;
  }
  const pairs = new Int32Array(2 * count);
  visit(slices, (hash, ordinal) => {
    const segment = segmentOf(hash);
    const place = ends[segment] as number;
    ends[segment] = place + 1;
    pairs[2 * place] = hash;
    pairs[2 * place + 1] = ordinal;
  });
  return pairs;
}

function visit(slices: readonly Int32Array[], visitor: (hash: number, ordinal: number) => void): void {
  let ordinal = 0;
  for (const hashes of slices) {
    for (let at = ordinal === 0 ? 1 : 0; at < hashes.length; at++) visitor(hashes[at] as number, ordinal + at); // in range
    ordinal += hashes.length;
  }
}
