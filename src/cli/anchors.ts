import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import { type Anchor, parseAnchor } from '../log/anchor.js';
import { ExitCode, Failure } from './terminal/exit.js';

/** An anchor, and who says it: the line of a file, or the command line. */
export interface NamedAnchor extends Anchor {
  readonly source: string;
}

export interface AnchorLine {
  /** From 1 on. */
  readonly number: number;
  readonly text: string;
  /** Undefined where the line is none. */
  readonly anchor: Anchor | undefined;
}

const FORM = '[SHARD/]POSITION:DIGEST, the digest in 64 hexadecimal digits';

/** An option that may be given several times, each time an anchor or a file of them. `anchorsOf` reads its values. */
export function anchorOption(flags: string, says: string): Option {
  const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return new Option(flags, says).argParser(gather);
}

/** The anchors that the values of an option mean. Fails (usage) for what is none, naming the file and the line. */
export function anchorsOf(values: readonly string[]): readonly NamedAnchor[] {
  return values.flatMap((value) => {
    if (!/:[0-9a-f]{64}/i.test(value)) return anchorsInFile(value);
    const anchor = anchorIn(value);
    if (anchor === undefined) throw usage(`${JSON.stringify(value)} is no anchor: an anchor is ${FORM}`);
    return [{ ...anchor, source: 'the command line' }];
  });
}

function anchorsInFile(file: string): readonly NamedAnchor[] {
  const lines = anchorLines(textOf(file));
  if (lines.length === 0) throw usage(`${file}: there is no anchor in it`);
  return lines.map(({ number, text, anchor }) => {
    if (anchor !== undefined) return { ...anchor, source: `${file}:${number}` };
    throw usage(`${file}:${number}: ${JSON.stringify(text.slice(0, 100))} is no anchor: an anchor is ${FORM}`);
  });
}

/** The lines of a file of anchors, but for empty ones and comments. What stands behind an anchor on its line is passed over. */
export function anchorLines(text: string): readonly AnchorLine[] {
  return text
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line.trim(), anchor: anchorIn(line) }))
    .filter(({ text: line }) => line !== '' && !line.startsWith('#'));
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function usage(says: string, cause?: unknown): Failure {
  return new Failure(ExitCode.Usage, says, { cause });
}
