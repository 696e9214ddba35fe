/** The tests of the repository as they are written: where each file lies, and the title of each test. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const root = path.join(import.meta.dirname, '../../..');

export interface TestTitle {
  /** File and line. */
  readonly where: string;
  readonly file: string;
  /** As it stands in the source, what is filled in as `${…}`. */
  readonly title: string;
}

/** All files under `test` whose names end so, by their paths from the root. */
export function testFiles(ending = '.ts'): string[] {
  const files = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' });
  return files
    .map((file) => `test/${file.replaceAll(path.sep, '/')}`)
    .filter((file) => file.endsWith(ending))
    .sort();
}

/** The titles of the tests in a file, or of those that it declares for others. Those that are made by a program are not among them. */
export function titlesIn(file: string): TestTitle[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  const titles: TestTitle[] = [];
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) && declares(node.expression) ? textOf(node.arguments[0]) : undefined;
    if (title !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      titles.push({ where: `${file}:${line}`, file, title });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** Whether what is called is `it`, `it.skip`, `it.each(…)` and the like. */
function declares(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'it' || callee.text === 'test';
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) return declares(callee.expression);
  return ts.isTaggedTemplateExpression(callee) && declares(callee.tag);
}

function textOf(title: ts.Expression | undefined): string | undefined {
  if (title === undefined) return undefined;
  if (ts.isStringLiteralLike(title)) return title.text;
  if (!ts.isTemplateExpression(title)) return undefined;
  return title.head.text + title.templateSpans.map(({ literal }) => `\${…}${literal.text}`).join('');
}
