/** Documents as text: their links, and what the source files that they lead to declare. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

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

/** The README and everything under `docs`, by their paths from the root. */
export function documents(): string[] {
  const files = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...files.filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];
}

export function textOf(document: string): string {
  return readFileSync(path.resolve(root, document), 'utf8');
}

/** The relative links of a part of a document. */
export function linksIn(document: string, text = textOf(document)): Link[] {
  const found = text.matchAll(/\[(`?)([^\]]+?)\1\]\((?![a-z]+:)([^)#]*)(?:#([^)]*))?\)/g);
  return [...found].map(([, mark = '', shown = '', target = '', anchor = '']) => ({
    text: shown,
    isCode: mark !== '',
    file: path.resolve(root, target === '' ? document : path.join(path.dirname(document), target)),
    anchor,
  }));
}

/** The anchors of a document’s headings. */
export function anchorsOf(document: string): string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
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
