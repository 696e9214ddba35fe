/**
 * JSON that somebody sent: a body, a line of a stream, a command from a topic. One rule for all of them.
 *
 * 1. A byte order mark is refused: JSON that is sent must not have one (RFC 8259, 8.1), and a parser may or may not skip it.
 * 2. A name that stands twice in an object is refused: readers differ in which of the two counts, so one that stands before this one,
 *    and checks what may be posted, could have read the other.
 */
import { type Problem, problem } from './problem.js';

/** `what` is the body, the line, …: the subject of what is said of it. */
export function readJson(text: string, what: string): { readonly value: unknown } | Problem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const hasMark = text.startsWith('\ufeff');
    return problem('MALFORMED_JSON', `${what} ${hasMark ? 'begins with a byte order mark' : 'is not JSON'}`);
  }
  const repeated = repeatedName(text, value);
  if (repeated === undefined) return { value };
  return problem('MALFORMED_JSON', `${what} names ${JSON.stringify(repeated)} twice`);
}

/**
 * A name that stands twice in an object, of plain values or of a few layers of such objects; a caller refuses what holds anything else.
 *
 * Every post passes here, so it is proved by counting that there is none: written without blanks and escapes, a text is just as long
 * as what was read of it says, and longer if something was read over; written without escapes, the same is true of its quotes. Only
 * what is neither is looked at name by name.
 */
function repeatedName(text: string, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const size: Size = { characters: 0, strings: 0, isMeasured: true };
  addSize(value, size, 0);
  if (!size.isMeasured || size.characters === text.length) return undefined;
  if (!text.includes('\\') && quotesIn(text) === 2 * size.strings) return undefined;
  return firstRepeated(text);
}

/** Of what was read, had it been written without blanks and escapes. */
interface Size {
  characters: number;
  strings: number;
  /** False where it holds what no caller takes. */
  isMeasured: boolean;
}

const DEEPEST = 8;

function addSize(value: object, size: Size, depth: number): void {
  const fields = value as Readonly<Record<string, unknown>>; // any object can be read by key
  let isEmpty = true;
  for (const name in fields) {
    const field = fields[name];
    isEmpty = false;
    size.characters += name.length + 4; // its quotes, a colon, and a comma or the brace at the end
    size.strings++;
    if (typeof field === 'string') {
      size.characters += field.length + 2;
      size.strings++;
    } else if (typeof field !== 'object' || field === null) {
      size.characters += String(field).length;
    } else if (Array.isArray(field) || depth === DEEPEST) {
      size.isMeasured = false;
    } else {
      addSize(field, size, depth + 1);
    }
  }
  size.characters += isEmpty ? 2 : 1;
}

function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count++;
  return count;
}

function firstRepeated(text: string): string | undefined {
  const objects: Set<string>[] = [];
  for (const [token, quoted] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    if (quoted === undefined) continue; // a value, or a brace
    const name = String(JSON.parse(quoted));
    const names = objects.at(-1);
    if (names?.has(name) === true) return name;
    names?.add(name);
  }
  return undefined;
}
