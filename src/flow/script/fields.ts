import { BOOK_DEPTH, type FlowLevel } from './flow-line.js';

/** A field of a line is not of the expected kind. The message says what is expected. */
export class Unexpected extends Error {}

const MAX_ID_CHARACTERS = 64;
/** From here on, V8 makes a cut-out string keep the whole text that it was cut from. */
const SLICED_STRING_CHARACTERS = 13;

/** An id: 1 to 64 printable ASCII characters. The string keeps nothing else of the file in memory. */
export function id(field = ''): string {
  let printable = field !== '' && field.length <= MAX_ID_CHARACTERS;
  for (let index = 0; printable && index < field.length; index += 1) {
    const code = field.charCodeAt(index);
    printable = code > 0x20 && code < 0x7f;
  }
  if (!printable) throw new Unexpected(`ID of 1 to ${MAX_ID_CHARACTERS} printable ASCII characters`);
  return field.length < SLICED_STRING_CHARACTERS ? field : Buffer.from(field, 'latin1').toString('latin1');
}

/** A whole number from 0 on, without sign or leading zero. */
export function unsigned(field = '', name: string): number {
  let value = 0;
  let valid = field.length === 1 || (field.length > 1 && field.length <= 16 && !field.startsWith('0'));
  for (let index = 0; valid && index < field.length; index += 1) {
    const digit = field.charCodeAt(index) - 0x30;
    valid = digit >= 0 && digit <= 9;
    value = value * 10 + digit;
  }
  if (!valid || value > Number.MAX_SAFE_INTEGER) throw new Unexpected(`an integer below 2^53 as ${name}`);
  return value;
}

/** A whole number, with a leading `-` where it is negative. */
export function signed(field = '', name: string): number {
  return field.startsWith('-') && field !== '-0' ? -unsigned(field.slice(1), name) : unsigned(field, name);
}

const TIME = /^(\d\d):([0-5]\d)(?::([0-5]\d)(?:\.(\d{3}))?)?$/;

/** A time of day, or of a day after it, in milliseconds. */
export function time(field = ''): number {
  const found = TIME.exec(field);
  if (found === null) throw new Unexpected('HH:MM, HH:MM:SS or HH:MM:SS.mmm as TIME');
  const [hours, minutes, seconds, milliseconds] = found.slice(1).map((part) => Number(part || 0));
  return (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1_000 + (milliseconds ?? 0);
}

/** A time as a line gives it. */
export function shownTime(timeMs: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = timeMs % 60_000;
  const seconds = `${two(rest / 1_000)}.${String(rest % 1_000).padStart(3, '0')}`;
  return `${two(timeMs / 3_600_000)}:${two((timeMs / 60_000) % 60)}:${seconds}`;
}

/** One of a few words. */
export function oneOf<Word extends string>(words: readonly Word[], field: string | undefined, name: string): Word {
  const found = words.find((word) => word === field);
  if (found === undefined) throw new Unexpected(`one of ${words.join(', ')} as ${name}`);
  return found;
}

/** A price and a quantity. */
export function level(price: string | undefined, quantity: string | undefined): FlowLevel {
  return { price: unsigned(price, 'PRICE'), quantity: unsigned(quantity, 'QTY') };
}

/** The price levels in the fields from `start` to before `end`. */
export function levels(fields: readonly string[], start: number, end: number): FlowLevel[] {
  if ((end - start) % 2 !== 0) throw new Unexpected('a QTY for every PRICE');
  if (end - start > 2 * BOOK_DEPTH) throw new Unexpected(`at most ${BOOK_DEPTH} levels a side`);
  const found: FlowLevel[] = [];
  for (let index = start; index < end; index += 2) found.push(level(fields[index], fields[index + 1]));
  return found;
}
