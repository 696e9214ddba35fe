import { Unexpected } from './fields.js';
import { FlowError, type FlowPlace, quoted } from '../flow-error.js';
import type { FlowLine } from './flow-line.js';
import { type Form, forms } from './forms.js';

const byKeyword: ReadonlyMap<string, Form> = new Map(Object.entries(forms));

const BLANK: FlowLine = { kind: 'blank' };

/** Reads one line, given without its line end. Throws a FlowError that says what was expected. */
export function parseFlowLine(text: string, where: FlowPlace): FlowLine {
  const content = withoutTail(text);
  if (content === '') return BLANK;
  if (content.startsWith('#')) return { kind: 'comment', text: content.slice(1).trim() };
  const fields = content.split(' ');
  const form = byKeyword.get(fields[0] ?? '');
  try {
    if (form === undefined) throw new Unexpected(`one of ${[...byKeyword.keys()].join(', ')}`);
    if (fields.length < form.fieldsMin || fields.length > form.fieldsMax) throw new Unexpected('');
    return form.read(fields);
  } catch (cause) {
    if (!(cause instanceof Unexpected)) throw cause;
    const what = [form && `\`${form.syntax}\``, cause.message].filter(Boolean).join(', with ');
    throw new FlowError('FLOW_MALFORMED_LINE', where, `expected ${what}; found ${quoted(text)}`);
  }
}

function withoutTail(text: string): string {
  const comment = text.startsWith('#') ? -1 : text.indexOf(' #');
  let end = comment === -1 ? text.length : comment;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}
