/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), which seals Kafka's record batches. Node's own crc32 is another polynomial.
 * Sixteen bytes a step, after "slicing-by-8" (Kounavis and Berry, 2005).
 */
const POLYNOMIAL = 0x82f6_3b78;
const SLICES = 16;
const tables = makeTables();

/** As an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = 0xffff_ffff;
  let at = start;
  for (; at + SLICES <= end; at += SLICES) {
    crc =
      word(12, crc ^ view.getInt32(at, true)) ^
      word(8, view.getInt32(at + 4, true)) ^
      word(4, view.getInt32(at + 8, true)) ^
      word(0, view.getInt32(at + 12, true));
  }
  for (; at < end; at++) crc = entry(0, (crc ^ view.getUint8(at)) & 0xff) ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}

/** What four bytes come to that stand so many slices from the end of a step. */
function word(slice: number, four: number): number {
  return (
    entry(slice + 3, four & 0xff) ^
    entry(slice + 2, (four >>> 8) & 0xff) ^
    entry(slice + 1, (four >>> 16) & 0xff) ^
    entry(slice, four >>> 24)
  );
}

function entry(slice: number, byte: number): number {
  return tables[slice * 256 + byte] as number; // both are in range
}

function makeTables(): Int32Array {
  const made = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 1 ? POLYNOMIAL : 0);
    made[byte] = crc;
  }
  for (let slice = 1; slice < SLICES; slice++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = made[(slice - 1) * 256 + byte] as number; // in range, and below
      made[slice * 256 + byte] = (before >>> 8) ^ (made[before & 0xff] as number);
    }
  }
  return made;
}
