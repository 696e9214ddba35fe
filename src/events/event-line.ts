import { type Event, eventFromJson, InvalidEventError } from './event.js';

/** An event as a line of an export has it, with the place that the line says it has. */
export interface EventLine {
  readonly position: unknown;
  readonly stream: unknown;
  readonly event: Event;
}

const PLACE = ['position', 'stream'];

/** Reads a line of an export. Throws InvalidEventError, with what is wrong for people, for one that holds no event. */
export function parseEventLine(line: string): EventLine {
  const value = parsed(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidEventError('a line is a JSON object');
  }
  const { position, stream } = value as Readonly<Record<string, unknown>>; // any object can be read by key
  return { position, stream, event: eventFromJson(value, PLACE) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const mark = 'the line begins with a byte order mark, which JSON must not have';
    throw new InvalidEventError(line.startsWith('\ufeff') ? mark : 'the line is not JSON', { cause });
  }
}
