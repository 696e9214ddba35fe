/** Which of the media types that there are a caller would rather have, by its header Accept (RFC 9110, 12.5.1). */

interface Range {
  readonly type: string;
  readonly subtype: string;
  /** How many parameters it names besides `q`: none of ours has any, so one that names some is of none of them. */
  readonly parameters: number;
  readonly quality: number;
}

/**
 * The first of `offered` among those that the header rates best; the first of all where there is no header. Undefined where it takes none of
 * them. Of the ranges that fit a type the most specific one counts; what cannot be read of the header is left out.
 */
export function preferred<Offered extends string>(
  accept: string | undefined,
  offered: readonly [Offered, ...Offered[]],
): Offered | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',').flatMap(rangeIn);
  let best: { readonly offer: Offered; readonly quality: number } | undefined;
  for (const offer of offered) {
    const quality = qualityOf(offer, ranges);
    if (quality > (best?.quality ?? 0)) best = { offer, quality };
  }
  return best?.offer;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const RANGE = new RegExp(`^\\s*(${TOKEN})/(${TOKEN})\\s*((?:;.*)?)$`, 's');
const QUALITY = /^\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*$/i;

function rangeIn(text: string): Range[] {
  const [, type = '', subtype = '', rest = ''] = RANGE.exec(text) ?? [];
  if (type === '' || (type === '*' && subtype !== '*')) return [];
  const terms = rest
    .split(';')
    .slice(1)
    .filter((term) => term.trim() !== '');
  const weights = terms.filter((term) => /^\s*q\s*=/i.test(term));
  const [weight] = weights;
  const quality = weight === undefined ? 1 : Number(QUALITY.exec(weight)?.[1]);
  if (Number.isNaN(quality)) return [];
  const parameters = terms.length - weights.length;
  return [{ type: type.toLowerCase(), subtype: subtype.toLowerCase(), parameters, quality }];
}

function qualityOf(offer: string, ranges: readonly Range[]): number {
  const [type, subtype] = offer.split('/');
  let found = { specificity: -1, quality: 0 };
  for (const range of ranges) {
    if (range.parameters > 0) continue;
    const fits = range.type === '*' || (range.type === type && (range.subtype === '*' || range.subtype === subtype));
    const specificity = Number(range.type !== '*') + Number(range.subtype !== '*');
    const isBetter = specificity > found.specificity;
    const isRatedHigher = specificity === found.specificity && range.quality > found.quality;
    if (fits && (isBetter || isRatedHigher)) found = { specificity, quality: range.quality };
  }
  return found.quality;
}
