import type { JSX } from 'preact';
import { ParticipantPage } from './one/participant-page.js';

/** One participant, by the name in its address. */
export default function ParticipantView({
  params: { name = '' },
}: {
  readonly params: Readonly<Record<string, string>>;
}): JSX.Element {
  return <ParticipantPage key={name} name={name} />;
}
