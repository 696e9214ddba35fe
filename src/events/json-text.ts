/** Printable ASCII without the quote and the backslash stands for itself in JSON. */
export const PLAIN = /^[ !#-[\]-~]*$/;

/** A text as JSON: what JSON.stringify makes of it, sooner. */
export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
