/** Documents as text: their links, and what the source files that they lead to declare. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { anchorOf } from '../../documents/markdown.js';

const root = path.join(import.meta.dirname, '../../..');

export interface Link {
  /** As it is shown, without the marks of code. */
  readonly text: string;
  /** Whether it is shown as code. */
  readonly isCode: boolean;
  /** Absolute path. */
  readonly file: string;
  /** The heading within that file; empty where none is named. */
  readonly anchor: string;
}

/** What is made, or comes from others. */
const FOREIGN = ['node_modules', 'dist', 'coverage'];

/** Every document of the repository, by its path from the root. */
export function documents(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const at = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || FOREIGN.includes(entry.name) ? [] : documents(at);
    return entry.name.endsWith('.md') ? [at] : [];
  });
}

/** The file at a path from the root. */
export function fileOf(place: string): string {
  return path.join(root, place);
}

/** A file by its path from the root; undefined for what lies outside. */
export function placeOf(file: string): string | undefined {
  const place = path.relative(root, file);
  return place.startsWith('..') ? undefined : place.replaceAll(path.sep, '/');
}

export function textOf(document: string): string {
  return readFileSync(path.resolve(root, document), 'utf8');
}

/** The relative links of a part of a document, and the pictures that it shows. */
export function linksIn(document: string, text = textOf(document)): Link[] {
  const prose = withoutBlocks(text);
  const links = prose.matchAll(/\[(`?)([^\]]*?)\1\]\((?![a-z]+:)([^)#]*)(?:#([^)]*))?\)/g);
  const pictures = prose.matchAll(/<(img|source|a)\b[^>]*\b(?:src|srcset|href)="(?![a-z]+:)([^"#]*)(?:#([^"]*))?"/g);
  const found = [
    ...[...links].map(([, mark = '', ...others]) => [mark, ...others] as const),
    ...[...pictures].map(([, shown, target, anchor]) => ['', shown, target, anchor] as const),
  ];
  return found.map(([mark, shown = '', target = '', anchor = '']) => ({
    text: shown,
    isCode: mark !== '',
    file: path.resolve(root, target === '' ? document : path.join(path.dirname(document), target)),
    anchor,
  }));
}

/** A text without its blocks of code, in which nothing is a link or a heading. */
function withoutBlocks(text: string): string {
  return text.replace(/^( *)(`{3,})[^\n]*\n[^]*?^\1\2$/gm, '');
}

/** The anchors of a document’s headings, as code hosts make them: a second one of the same name gets a number. */
export function anchorsOf(document: string): string[] {
  const times = new Map<string, number>();
  return [...withoutBlocks(textOf(document)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const anchor = anchorOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/**
 * What a source file declares, by `name` or `Class.member`, and whether that can be called.
 */
export function declarationsOf(file: string): Map<string, boolean> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const declared = new Map<string, boolean>();
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name)) declared.set(name.text, isFunction(initializer));
      }
    } else if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
      declared.set(statement.name.text, true);
    } else if (
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      declared.set(statement.name.text, false);
    } else if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
      const { text } = statement.name;
      declared.set(text, false);
      for (const [member, isCallable] of membersOf(statement)) declared.set(`${text}.${member}`, isCallable);
    }
  }
  return declared;
}

function membersOf({ members }: ts.ClassDeclaration): (readonly [string, boolean])[] {
  return members.flatMap((member) => {
    if (member.name === undefined || !ts.isIdentifier(member.name)) return [];
    const isCallable = ts.isPropertyDeclaration(member)
      ? isFunction(member.initializer)
      : ts.isMethodDeclaration(member);
    return [[member.name.text, isCallable] as const];
  });
}

function isFunction(value: ts.Expression | undefined): boolean {
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
}
