/** What a value from outside must be to stand in a field of an event. */

/** Whether it is an integer that events can hold: 0 … 2^53−1. */
export function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether it is text that UTF-8 can hold: no half of a surrogate pair stands alone. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !/\p{Surrogate}/u.test(value);
}

/** Whether it is the hexadecimal text of a digest. */
export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

/** Whether an object has this many fields. */
export function hasFields(object: object, count: number): boolean {
  let left = count;
  for (const _ in object) left--;
  return left === 0;
}
