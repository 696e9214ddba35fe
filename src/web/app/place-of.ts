/** Where a text leads: `12-3` is a deal, `12` an intention, a symbol its market, anything else a participant. */
export function placeOf(text: string, symbols: readonly string[]): string {
  const symbol =
    symbols.find((each) => each === text) ?? symbols.find((each) => each.toLowerCase() === text.toLowerCase());
  if (symbol !== undefined) return `/market/${encodeURIComponent(symbol)}`;
  if (/^\d+-\d+$/.test(text)) return `/deals/${text}`;
  if (/^\d+$/.test(text)) return `/intentions/${text}`;
  return `/participants/${encodeURIComponent(text)}`;
}
