import { type AppendJson, appendFromJson, type Event } from './event.js';
import { type JsonObject, putObject } from './objects.generated.js';

/** The same as `appendFromJson`, in a third of the time: events of current versions become bytes at once, without an object between. */
export const appendJson: AppendJson = (encoder, value) => {
  const isObject = typeof value === 'object' && value !== null;
  if (isObject && putObject(encoder, value as JsonObject)) return (value as Event).type; // any object can be read by key
  return appendFromJson(encoder, value);
};
