/** The fenced blocks of a document, with what its author has marked them with. */

/** What may differ in a block from one run to the next, by its nature. */
export const VARYING = ['times', 'durations', 'rates', 'digests', 'hosts', 'numbers', 'keys'] as const;
export type Varying = (typeof VARYING)[number];

/**
 * Stands in a comment before a block: `<!-- run: times vary; needs kafka; exits with 3; keeps running -->`, `<!-- file: sample.ts -->`,
 * `<!-- not run: it takes minutes -->`.
 */
export interface Mark {
  /** Why it is not run. */
  readonly notRun?: string;
  /** The name under which it is saved for the blocks after it. */
  readonly file?: string;
  readonly varying: readonly Varying[];
  /** Names of test/support/needs. */
  readonly needs: readonly string[];
  /** Its last command serves until the page is over, and what it prints begins with what is shown. */
  readonly keepsRunning: boolean;
  /** Of its last command; the others exit with 0. */
  readonly exitCode: number;
}

export interface Fence {
  /** `console`, `ts`, …; empty where none is named. */
  readonly language: string;
  readonly text: string;
  /** The line of its opening fence, from 1. */
  readonly line: number;
  readonly mark: Mark;
}

const UNMARKED: Mark = { varying: [], needs: [], keepsRunning: false, exitCode: 0 };

/** All fenced blocks of a document, from top to bottom. Throws for a mark that means nothing. */
export function fencesOf(document: string): Fence[] {
  const lines = document.split('\n');
  const fences: Fence[] = [];
  let index = 0;
  while (index < lines.length) {
    const opening = /^( *)(`{3,})(\w*)/.exec(lines[index] ?? '');
    if (opening === null) {
      index++;
      continue;
    }
    const [, indent = '', ticks = '', language = ''] = opening;
    const end = lines.findIndex((line, at) => at > index && line.startsWith(indent + ticks));
    if (end === -1) throw new Error(`line ${index + 1}: the block does not end`);
    const text = lines
      .slice(index + 1, end)
      .map((line) => `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`)
      .join('');
    fences.push({ language, text, line: index + 1, mark: markBefore(lines, index) });
    index = end + 1;
  }
  return fences;
}

/** The document with other text in its blocks: `replaced` has new texts by the lines of their opening fences. */
export function withTexts(document: string, replaced: ReadonlyMap<number, string>): string {
  const lines = document.split('\n');
  const fences = fencesOf(document).filter(({ line }) => replaced.has(line));
  for (const { line, text } of fences.reverse()) {
    const indent = /^ */.exec(lines[line - 1] ?? '')?.[0] ?? '';
    const fresh = (replaced.get(line) ?? '').trimEnd().split('\n');
    lines.splice(line, text.split('\n').length - 1, ...fresh.map((each) => (each === '' ? '' : indent + each)));
  }
  return lines.join('\n');
}

function markBefore(lines: readonly string[], index: number): Mark {
  let at = index - 1;
  while (at >= 0 && lines[at]?.trim() === '') at--;
  const comment = /^ *<!-- ((?:run|not run|file): .+) -->$/.exec(lines[at] ?? '')?.[1];
  return comment === undefined ? UNMARKED : parseMark(comment, at + 1);
}

function parseMark(comment: string, line: number): Mark {
  const [, kind, said = ''] = /^([\w ]+): (.+)$/.exec(comment) ?? [];
  if (kind === 'not run') return { ...UNMARKED, notRun: said };
  if (kind === 'file') return { ...UNMARKED, file: said };
  let mark = UNMARKED;
  for (const item of said.split('; ')) {
    const [, listed, verb] = /^(.+) (vary|varies)$/.exec(item) ?? [];
    const needs = /^needs (.+)$/.exec(item)?.[1];
    const code = /^exits with (\d+)$/.exec(item)?.[1];
    if (verb !== undefined) mark = { ...mark, varying: wordsIn(listed).map((word) => varyingOf(word, line)) };
    else if (needs !== undefined) mark = { ...mark, needs: wordsIn(needs) };
    else if (code !== undefined) mark = { ...mark, exitCode: Number(code) };
    else if (item === 'keeps running') mark = { ...mark, keepsRunning: true };
    else throw new Error(`line ${line}: “${item}” means nothing as a mark of a block`);
  }
  return mark;
}

function wordsIn(list = ''): string[] {
  return list.split(/, | and /);
}

function varyingOf(word: string, line: number): Varying {
  const known = VARYING.find((each) => each === word);
  if (known === undefined) throw new Error(`line ${line}: ${word} cannot vary; ${VARYING.join(', ')} can`);
  return known;
}
