/** What the checker can find, and what each kind means. */
import type { Ask } from './history.js';

export const kinds = {
  lost: 'was acknowledged, and does not stand in the log where the answer says',
  twice: 'stands in the log twice',
  uninvited: 'stands in the log, and nobody asked for it, or it was refused',
  unlikeModel: 'the log goes on otherwise than price-time priority and the handshake demand',
  answer: 'an answer to a command tells of another outcome than the log',
  repetition: 'asked again under the same client id, it is answered otherwise',
  refusal: 'was refused for a reason that held at no moment between question and answer',
  order: 'was asked after another had been answered, and stands before it',
  stale: 'a read shows less than all that was answered before it was asked',
  future: 'a read shows what was asked for only after the read had been answered',
  ahead: 'a read carries a higher position than others that were asked after it had been answered: it was not durable',
  neverStood: 'a read shows what stood at no position of the log: what was not durable, or never was',
  laterThanSaid: 'a read holds events after the position that it carries',
  earlierThanSaid: 'a read lacks events before the position that it carries',
  feed: 'the feed of events showed something else than the log holds',
  sum: 'positions and the deals after their position do not add up to the positions at the end',
} as const;

export type FindingKind = keyof typeof kinds;

export interface Finding {
  readonly kind: FindingKind;
  /** What was asked; `log` where nothing was. */
  readonly about: Ask['kind'] | 'log';
  readonly position: number | undefined;
  readonly message: string;
}

/** The kind, and what it is about: `laterThanSaid positions`. */
export function labelOf({ kind, about }: Finding): string {
  return `${kind} ${about}`;
}
