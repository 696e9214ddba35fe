import type { EventSchema } from '../catalogue.js';
import { current, methodOf, NOTICE } from './schemas.js';

function fanOutMethod(schema: EventSchema): string {
  const method = methodOf(schema);
  return `  ${method}(event: ${schema.type}): void {
    for (const handler of this.listening.${method}) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.${method}(event);
    }
  }
`;
}

/** Who is told of the events of a log: `src/events/handlers.generated.ts`. */
export function generateHandlers(schemas: readonly EventSchema[]): string {
  const events = current(schemas);
  return `${NOTICE}
import type {
${events.map(({ type }) => `  ${type},`).join('\n')}
  Journal,
} from '../domain/journal.generated.js';

/** The events as records. */
export type * as Recorded from '../domain/journal.generated.js';

/** A reader's target: a journal with the envelope that the reader fills in before each call. */
export interface EventHandler extends Journal {
  /** Log position of the event that is being handled. */
  position: number;
  /** The time that the latest event with a time names, this one included: milliseconds since 1970. */
  atMs: number;
}

/** A handler that ignores every event: folds extend it and listen to those that concern them. */
export class NoopHandler implements EventHandler {
  position = -1;
  atMs = 0;
${events.map((schema) => `  ${methodOf(schema)}(_event: ${schema.type}): void {}`).join('\n')}
}

const ignoring: Journal = NoopHandler.prototype;

/**
 * Several handlers as one: each event is decoded once, and only those that listen to it are called.
 *
 * 1. A handler that is called sees its own envelope; \`align\` brings the others, which were not called, up to the same one.
 */
export class FanOut implements EventHandler {
  position: number;
  atMs: number;
  private readonly listening: Readonly<Record<keyof Journal, readonly EventHandler[]>>;

  /** The handlers stand at the same position. */
  constructor(private readonly handlers: readonly EventHandler[]) {
    const to = (event: keyof Journal): readonly EventHandler[] =>
      handlers.filter((handler) => handler[event] !== ignoring[event]);
    this.position = handlers[0]?.position ?? -1;
    this.atMs = handlers[0]?.atMs ?? 0;
    this.listening = {
${events.map((schema) => `      ${methodOf(schema)}: to('${methodOf(schema)}'),`).join('\n')}
    };
  }

  /** To be called after the last event of a pass. */
  align(): void {
    for (const handler of this.handlers) {
      handler.position = this.position;
      handler.atMs = this.atMs;
    }
  }

${events.map(fanOutMethod).join('\n')}}
`;
}
