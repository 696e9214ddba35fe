/** The first thing about a document that is not well-formed XML, or undefined. Knows as much of XML as the charts use. */
export function flawOf(xml: string): string | undefined {
  const forbidden = /[^\P{Cc}\n\r\t]/u.exec(xml);
  if (forbidden !== null) return `control character ${forbidden[0].charCodeAt(0)}`;
  const open: string[] = [];
  let roots = 0;
  const token = /<([^<>]*)>|([^<>]+)|([<>])/gy;
  for (const [, tag, text, stray] of xml.matchAll(token)) {
    if (stray !== undefined) return `stray ${stray}`;
    if (text !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) return `bare & in ${text}`;
      if (open.length === 0 && text.trim() !== '') return `text outside the root: ${text}`;
    } else if (tag !== undefined) {
      const flaw = step(tag, open);
      if (flaw !== undefined) return flaw;
      if (open.length === 1 && !tag.startsWith('/') && !tag.endsWith('/') && tag.startsWith('svg')) roots++;
    }
  }
  if (open.length > 0) return `${open.join(', ')} left open`;
  return roots === 1 ? undefined : `${roots} roots`;
}

const START_TAG = /^([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w:-]*="[^"<&]*")*)\s*(\/?)$/;

function step(tag: string, open: string[]): string | undefined {
  if (tag.startsWith('/')) {
    const last = open.pop();
    return last === tag.slice(1) ? undefined : `</${tag.slice(1)}> closes ${last ?? 'nothing'}`;
  }
  const match = START_TAG.exec(tag);
  if (match === null) return `<${tag}> is no tag`;
  const [, name = '', attributes = '', empty] = match;
  const names = [...attributes.matchAll(/([\w:-]+)=/g)].map(([, attribute]) => attribute);
  if (new Set(names).size < names.length) return `an attribute twice in <${tag}>`;
  if (empty === '') open.push(name);
  return undefined;
}
