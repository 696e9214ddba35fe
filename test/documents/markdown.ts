/** Markdown, as the pages of the documents are made of it. */
import { type Options, format } from 'prettier';

/** Text as it is, wherever it stands: nothing in it is taken for a mark. What looks like an option or a variable is shown as code. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : escaped(part)))
    .join('');
}

/** `--data`, `PARLEY_DATA`, `/v1/intentions`, `*.cut`: shown as code, and not taken for marks. */
const CODE =
  /(?<![\w/-])(--[a-z][a-z-]*|PARLEY_[A-Z_]+|\/(?:v1|health)\/[a-z/]*[a-z]|\*\.[a-z]+|https?:\/\/[^\s,;)]+)/g;

function escaped(text: string): string {
  return text
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? code(part) : part.replace(/[<*|]/g, '\\$&')))
    .join('');
}

export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Values as code, one after the other. */
export function codes(texts: readonly string[], between = ', '): string {
  return texts.map(code).join(between);
}

export function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\``;
}

/** A table; what is no code in its cells must be `prose` already. Columns that say nothing in any row are left out, and tables without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const shown = head.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const kept = (row: readonly string[]): readonly string[] => row.filter((_, column) => shown[column] === true);
  const lines = [kept(head), kept(head.map(() => '---')), ...rows.map((row) => kept(row).map(cell))];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** A bar ends a cell, in code too. */
function cell(text: string): string {
  return text.replace(/(?<!\\)\|/g, '\\|');
}

/** The anchor that code hosts give a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** The parts of a page, with an empty line between two of them. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`;
}

/** A text as the repository has it formatted. */
export function formatted(text: string, options: Options | null, parser: 'markdown' | 'json'): Promise<string> {
  return format(text, { ...options, parser });
}
