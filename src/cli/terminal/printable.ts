/**
 * Text that came from outside (a server, a log, a file), made fit for a terminal. Whatever a verb prints passes here.
 *
 * Dangerous is what drives a terminal (the control characters C0 and C1, ESC among them), what breaks a line, and what turns the order
 * in which characters are shown around.
 */
const CONTROL = '\\u0000-\\u001f\\u007f-\\u009f';
const BREAKING = '\\u2028\\u2029';
const TURNING = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const REPLACEMENT = '\ufffd';

const dangerous = new RegExp(`[${CONTROL}${BREAKING}${TURNING}]`, 'g');
/** What colours text, and what ends that: nothing here prints more of them. */
const colour = '\\u001b\\[(?:1|2|22|3[1-6]|39)m';
const dangerousOrColour = new RegExp(`${colour}|[${CONTROL}${BREAKING}${TURNING}]`, 'g');

/** A line or a part of one; with colours where they are wanted. */
export function printable(text: string, isColoured = false): string {
  if (!isColoured) return text.replace(dangerous, REPLACEMENT);
  return text.replace(dangerousOrColour, (found) => (found.length > 1 ? found : REPLACEMENT));
}

/** Lines, with their ends. */
export function printableLines(text: string, isColoured = false): string {
  return text
    .split('\n')
    .map((line) => printable(line, isColoured))
    .join('\n');
}

/** JSON that means the same and holds none of them. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    dangerous,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`, // they stand in strings alone
  );
}
