/**
 * Text frames of a server, not masked and not fragmented (RFC 6455, 5.2), as letters of Latin-1: one a byte, so that many of them are one
 * string, and leave in one call of the system.
 */
const FINAL_TEXT = '\u0081';
const MOST_IN_7_BITS = 125;
const MOST_IN_16_BITS = 0xffff;

export function frameOf(text: string): string {
  const bytes = Buffer.byteLength(text);
  return headOf(bytes) + (bytes === text.length ? text : Buffer.from(text).toString('latin1'));
}

/** What stands before so many bytes of text. */
export function headOf(bytes: number): string {
  if (bytes <= MOST_IN_7_BITS) return FINAL_TEXT + String.fromCharCode(bytes);
  if (bytes <= MOST_IN_16_BITS) return `${FINAL_TEXT}~${String.fromCharCode(bytes >>> 8, bytes & 0xff)}`;
  const low = String.fromCharCode((bytes >>> 24) & 0xff, (bytes >>> 16) & 0xff, (bytes >>> 8) & 0xff, bytes & 0xff);
  return `${FINAL_TEXT}\u007f\0\0\0\0${low}`;
}
