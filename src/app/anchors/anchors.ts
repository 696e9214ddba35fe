import { readFileSync } from 'node:fs';
import { type Anchor, parseAnchor } from '../../log/anchor.js';
import { messageOf } from '../../log/message-of.js';
import { usage } from '../exit.js';

/** An anchor (a position, and the digest of the log up to there), and its source: the line of a file, or the command line. */
export interface NamedAnchor extends Anchor {
  readonly source: string;
}

/** The contents of a file of anchors. */
export interface AnchorFile {
  /** In their order; `source` names file and line. */
  readonly anchors: readonly NamedAnchor[];
  /** File and line of an anchor whose end is missing at the file's end, as a crash leaves it; undefined where none is. */
  readonly torn: string | undefined;
}

const FORM = '[SHARD/]POSITION:DIGEST, the digest in 64 hexadecimal digits';

/**
 * The anchors that the values of an option mean. Fails (usage) for what is none, naming the file and the line; `warn` is told of one that
 * a crash has left torn at the end of a file, which is passed over.
 */
export function anchorsOf(values: readonly string[], warn: (text: string) => void): readonly NamedAnchor[] {
  return values.flatMap((value) => {
    if (!/:[0-9a-f]{64}/i.test(value)) return anchorsInFile(value, warn);
    const anchor = anchorIn(value);
    if (anchor === undefined) throw usage(`${JSON.stringify(value)} is no anchor: an anchor is ${FORM}`);
    return [{ ...anchor, source: 'the command line' }];
  });
}

function anchorsInFile(file: string, warn: (text: string) => void): readonly NamedAnchor[] {
  const { anchors, torn } = readAnchors(file, textOf(file));
  if (torn !== undefined) warn(tornText(torn));
  if (anchors.length === 0) throw usage(`${file}: there is no anchor in it`);
  return anchors;
}

export function tornText(where: string): string {
  return `${where}: the end of an anchor is missing: it is passed over`;
}

/**
 * The anchors in the text of a file. Empty lines and comments are passed over, and what stands behind an anchor on its line. Fails (usage)
 * for other lines that are no anchor, naming them: what they said is lost, and might be what counts.
 */
export function readAnchors(file: string, text: string): AnchorFile {
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1, anchor: anchorIn(line) }));
  const isTorn = isTornAnchor(lines.at(-1)?.line ?? '');
  const whole = (isTorn ? lines.slice(0, -1) : lines).filter(({ line }) => !/^\s*(#|$)/.test(line));
  const [first, ...others] = whole.filter(({ anchor }) => anchor === undefined);
  if (first !== undefined) {
    const more = others.length === 0 ? '' : `, nor ${others.length === 1 ? 'is line' : 'are lines'} ${numbers(others)}`;
    const shown = JSON.stringify(first.line.trim().slice(0, 100));
    throw usage(`${file}:${first.number}: ${shown} is no anchor${more}: an anchor is ${FORM}`);
  }
  return {
    anchors: whole.flatMap(({ anchor, number }) =>
      anchor === undefined ? [] : [{ ...anchor, source: `${file}:${number}` }],
    ),
    torn: isTorn ? `${file}:${lines.length}` : undefined,
  };
}

/** Whether what stands behind the last line end of a file is the beginning of an anchor, and perhaps zeros that were never written. */
export function isTornAnchor(rest: string): boolean {
  const written = rest.replaceAll('\0', '');
  return rest !== '' && rest.startsWith(written) && /^(\d{1,7}(\/(\d{0,16}(:[0-9a-f]{0,63})?)?)?)?$/.test(written);
}

const SHOWN_LINES = 20;

function numbers(lines: readonly { readonly number: number }[]): string {
  const shown = lines.slice(0, SHOWN_LINES).map(({ number }) => number);
  return shown.join(', ') + (lines.length > SHOWN_LINES ? ', …' : '');
}

/** As the line begins, or as `audit` prints it, with its name before it. */
function anchorIn(line: string): Anchor | undefined {
  const [, text = ''] = /^\s*(?:anchor\s+)?(\S+)/.exec(line) ?? [];
  return parseAnchor(text);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw usage(`${file}: neither an anchor nor a file of them that can be read: ${messageOf(cause)}`, cause);
  }
}
