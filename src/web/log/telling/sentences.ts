import type { RecordedEvent } from '../../../client/types.js';
import type { Event } from '../../../events/event.js';
import type { StreamKind } from '../../../events/event-schema.js';
import { dealSentences, intentionSentences } from './intention-sentences.js';
import { eventOf, type EventOf, type LogNames } from './names.js';
import { type Sentence, Words } from './parts-of-sentences.js';
import { shardSentences } from './shard-sentences.js';

type Sentences = { readonly [Type in Event['type']]: (event: EventOf<Type>, words: Words) => Sentence };

/** One for each type of the catalogue. */
const sentences: Sentences = { ...shardSentences, ...intentionSentences, ...dealSentences };

/** The types of the catalogue by the streams that they stand in. */
export const typesByStream = {
  intention: Object.keys(intentionSentences),
  deal: Object.keys(dealSentences),
  shard: Object.keys(shardSentences),
} as const satisfies Readonly<Record<StreamKind, readonly string[]>>;

export const eventTypes: readonly string[] = Object.keys(sentences);

/** The main facts of an event in words, with names and decimals as far as they are known. */
export function sentenceOf(recorded: RecordedEvent, names: LogNames): Sentence {
  const event = eventOf(recorded);
  if (!Object.hasOwn(sentences, event.type)) return ['This page does not know what events of this type say'];
  const says = sentences[event.type] as (event: Event, words: Words) => Sentence; // that of the event’s own type
  return says(event, new Words(names));
}

/** The intentions that an event is about, that whose event it is first. */
export function intentionsOf(recorded: RecordedEvent): readonly number[] {
  const event = eventOf(recorded);
  const ids: (number | undefined)[] = [];
  if ('intentionId' in event) ids.push(event.intentionId);
  if ('initiatorId' in event) ids.push(event.initiatorId);
  if ('responderId' in event) ids.push(event.responderId);
  if ('counterpartyId' in event) ids.push(event.counterpartyId);
  return [...new Set(ids)].filter((id) => typeof id === 'number');
}
