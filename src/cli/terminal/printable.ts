/**
 * Makes text from outside (a server, a log, a file) safe to print to a terminal. Everything that a verb prints passes here.
 *
 * Dangerous are control characters (C0 and C1, ESC among them), which drive a terminal, line separators, and characters that change
 * the direction of text.
 */
const CONTROL = '\\u0000-\\u001f\\u007f-\\u009f';
const BREAKING = '\\u2028\\u2029';
const TURNING = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const REPLACEMENT = '\ufffd';

const dangerous = new RegExp(`[${CONTROL}${BREAKING}${TURNING}]`, 'g');
/** What colours text or what is behind it, and what ends that: nothing here prints more of them. */
const colour = '\\u001b\\[(?:1|2|22|3[1-6]|39|41|49|90)m';
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

/** A line without what colours it. */
export function uncoloured(text: string): string {
  return text.replace(dangerousOrColour, (found) => (found.length > 1 ? '' : found));
}
