/** The two forms in which events stand in a topic, one record an event; a topic may hold both. */
import { headerText, type InRecord } from '../protocol/in-record.js';
import { asRead, openHeaderBlock } from '../protocol/record-batch-writer.js';

/** `binary`: the event's canonical bytes; `json`: the event as JSON, with what CloudEvents asks for in its headers. */
export type TopicFormat = 'binary' | 'json';

/** The header that says which form a record has. */
export const CONTENT_TYPE = 'content-type';
/** The header that has the event's position. */
export const POSITION = 'ce_id';
/** The header of a record batch's first record that has the position at which its Parley batch began. */
export const BATCH_START = 'ce_batchstart';

export const contentTypes: Readonly<Record<TopicFormat, string>> = {
  binary: 'application/vnd.parley.event',
  json: 'application/json',
};

/** The headers of a binary record that is not the first of its record batch, but for its position. */
export const binaryHeaders = openHeaderBlock({ [CONTENT_TYPE]: contentTypes.binary }, POSITION);
const usualHeaders = asRead(binaryHeaders);

const name = headerText(CONTENT_TYPE);
const binary = headerText(contentTypes.binary);

export function formatOf(record: InRecord): TopicFormat {
  return record.says(name, binary) ? 'binary' : 'json';
}

/** The position in a record whose headers are those of nearly all binary ones; undefined for every other, which may be binary too. */
export function usualPosition(record: InRecord): number | undefined {
  return record.countBehind(usualHeaders);
}
