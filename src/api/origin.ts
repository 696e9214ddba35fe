/** An origin as browsers name it, such as `https://desk.example`; undefined for what is none. */
export function originOf(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}
