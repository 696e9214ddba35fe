import type { JSX } from 'preact';
import { PositionLink } from '../parts/position-link.js';
import type { Why } from '../source/source.js';

/** Why an intention fared as it did, in words, each with the position that it rests on. */
export function WhyCard({ explanation }: { readonly explanation: Why }): JSX.Element {
  return (
    <section class="card why" aria-label="Why">
      <h2>Why</h2>
      <p class="why-summary">{explanation.summary}</p>
      <ol>
        {explanation.reasons.map(({ position, text }, index) => (
          <li key={index}>
            <PositionLink position={position} shard={explanation.shard} />
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
