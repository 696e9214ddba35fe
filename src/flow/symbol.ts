import { basename } from 'node:path';

const MAX_SYMBOL_CHARACTERS = 32;
const FALLBACK_SYMBOL = 'FLOW';

/**
 * The instrument that a flow is about, when nobody says which. A first comment that begins with a venue and a symbol
 * in capitals or digits (`# CME ESH4 …`) names it. Otherwise it is the file's name up to its first `_` or its extension;
 * of letters and then six digits, as in the codes of Chinese exchanges, only the digits.
 */
export function defaultSymbol(path: string, headerComments: readonly string[]): string {
  const named = /^[A-Z][A-Z0-9]{1,9} ([A-Z0-9][A-Z0-9._-]*)(?:[ ,:;]|$)/.exec(headerComments[0] ?? '')?.[1];
  return fitted(named ?? stem(path));
}

function stem(path: string): string {
  if (path === '-') return FALLBACK_SYMBOL;
  const name = basename(path)
    .replace(/\.gz$/i, '')
    .replace(/(?<=.)\.[^.]*$/, '');
  const beginning = name.split('_', 1)[0] ?? '';
  return /^[A-Za-z]+(\d{6})$/.exec(beginning)?.[1] ?? beginning;
}

function fitted(name: string): string {
  const symbol = name.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, MAX_SYMBOL_CHARACTERS);
  return /[A-Za-z0-9]/.test(symbol) ? symbol : FALLBACK_SYMBOL;
}
