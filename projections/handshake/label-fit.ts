/** Of a sans-serif font at 13 pixels, as an upper estimate: nothing can be measured where charts are laid out. */
export const CHARACTER = 7.2;
const WIDE_CHARACTER = 13;

/** What a font draws as a square: Chinese, Japanese, Korean, and most pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]/u;

/** About how wide a text is in pixels, at 13 pixels. */
export function widthOf(text: string): number {
  let narrow = 0;
  let broad = 0;
  for (const character of text) {
    if (wide.test(character)) broad++;
    else narrow++;
  }
  return narrow * CHARACTER + broad * WIDE_CHARACTER;
}

/** Cut to what fits into so many pixels, as far as that can be known. */
export function fitted(text: string, widthPx: number): string {
  if (widthOf(text) <= widthPx) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(`${kept}${character}…`) > widthPx) break;
    kept += character;
  }
  return `${kept}…`;
}

/** In at most so many lines, broken between words; what does not fit is cut. */
export function wrapped(text: string, widthPx: number, mostLines: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.split(' ');
  while (rest.length > 0 && lines.length < mostLines - 1) {
    let count = 1;
    while (count < rest.length && widthOf(rest.slice(0, count + 1).join(' ')) <= widthPx) count++;
    lines.push(fitted(rest.slice(0, count).join(' '), widthPx));
    rest = rest.slice(count);
  }
  if (rest.length > 0) lines.push(fitted(rest.join(' '), widthPx));
  return lines;
}
