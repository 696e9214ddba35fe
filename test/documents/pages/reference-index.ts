/** `docs/reference/README.md`: the pages of the reference, by what they say of themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { paragraphs, table } from '../markdown.js';

const reference = path.join(import.meta.dirname, '../../../docs/reference');

export function referenceIndexPage(): string {
  const files = readdirSync(reference).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const rows = files.sort().map((file) => {
    const { title, says } = headOf(readFileSync(path.join(reference, file), 'utf8'));
    return [`[${title}](${file})`, says];
  });
  return paragraphs(
    '# Reference',
    'Made from the code (`npm run docs`) and held against it by a test: it says what this version does, neither more nor less.',
    table(['page', 'says'], rows),
  );
}

/** A document's title, and the first sentence under it. */
function headOf(text: string): { readonly title: string; readonly says: string } {
  const [, title = '', under = ''] = /^# (.+)\n\n([^]*?)(?:\n\n|$)/m.exec(text) ?? [];
  const plain = under.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('\n', ' ');
  return { title, says: /^.*?\.(?= |$)/.exec(plain)?.[0] ?? plain };
}
