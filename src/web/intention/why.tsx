import type { JSX } from 'preact';
import { PositionLink } from '../parts/position-link.js';
import type { ExplanationJson } from '../source/source.js';

/** Why an intention fared as it did, in words, each with the position that it rests on. */
export function Why({ explanation }: { readonly explanation: ExplanationJson }): JSX.Element {
  return (
    <section class="card why" aria-label="Why">
      <h2>Why</h2>
      <p class="why-summary">{explanation.summary}</p>
      <ol>
        {explanation.reasons.map(({ position, text }, index) => (
          <li key={index}>
            <PositionLink position={Number(position)} />
            <span>{String(text)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
