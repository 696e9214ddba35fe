/** The two forms in which events stand in a topic, one record an event; a topic may hold both. */
import { headerText, type InRecord } from '../protocol/in-record.js';

/** `binary`: the event's canonical bytes; `json`: the event as JSON, with what CloudEvents asks for in its headers. */
export type TopicFormat = 'binary' | 'json';

export const CONTENT_TYPE = 'content-type';
export const contentTypes: Readonly<Record<TopicFormat, string>> = {
  binary: 'application/vnd.parley.event',
  json: 'application/json',
};

const name = headerText(CONTENT_TYPE);
const binary = headerText(contentTypes.binary);

export function formatOf(record: InRecord): TopicFormat {
  return record.says(name, binary) ? 'binary' : 'json';
}
