import type { JSX } from 'preact';
import { Link } from '../../app/link.js';
import type { Part, Sentence, Thing } from '../telling/parts-of-sentences.js';

/** A sentence about an event; what it is about leads there. */
export function SentenceText({ sentence }: { readonly sentence: Sentence }): JSX.Element {
  return (
    <>{sentence.map((part, index) => (typeof part === 'string' ? part : <ThingText key={index} thing={part} />))}</>
  );
}

function ThingText({ thing }: { readonly thing: Exclude<Part, string> }): JSX.Element {
  const { kind, text, isKnown } = thing;
  const to = isKnown ? placeOf(thing) : undefined;
  const classes = [classOf(kind), isKnown ? '' : 'faint'].join(' ').trim();
  if (to === undefined)
    return kind === 'code' ? <code class={classes}>{text}</code> : <span class={classes}>{text}</span>;
  return (
    <Link to={to} class={classes}>
      {text}
    </Link>
  );
}

function classOf(kind: Thing['kind']): string {
  if (kind === 'participant' || kind === 'instrument' || kind === 'code') return 'name';
  return 'num';
}

function placeOf({ kind, text }: Thing): string | undefined {
  switch (kind) {
    case 'intention':
      return `/intentions/${text}`;
    case 'deal':
      return `/deals/${text}`;
    case 'participant':
      return `/participants/${encodeURIComponent(text)}`;
    case 'instrument':
      return `/market/${encodeURIComponent(text)}`;
    default:
      return undefined;
  }
}
