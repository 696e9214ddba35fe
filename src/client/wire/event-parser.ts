/** A message of an event stream: what a server-sent event says. */
export interface EventMessage {
  /** `message` where it does not say. */
  readonly event: string;
  readonly data: string;
}

const ENDS = /\r\n|\n|\r/;

/**
 * Reads `text/event-stream`, piece by piece, as the HTML standard says; of its fields only the event's type and its data. Lines may end
 * in any of the three ways, and a piece anywhere.
 */
export class EventParser {
  private rest = '';
  private isFirst = true;
  private event = '';
  private data: string[] = [];

  /** The messages that are whole with this piece. */
  feed(text: string): readonly EventMessage[] {
    const whole = this.rest + text;
    // A line that ends in a carriage return may have a line feed coming.
    const held = whole.endsWith('\r') ? '\r' : '';
    const lines = whole.slice(0, whole.length - held.length).split(ENDS);
    this.rest = (lines.pop() ?? '') + held;
    return lines.flatMap((line) => this.take(line) ?? []);
  }

  private take(line: string): EventMessage | undefined {
    const text = this.isFirst ? line.replace(/^\uFEFF/, '') : line;
    this.isFirst = false;
    if (text === '') return this.end();
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(text) ?? [];
    if (name === 'event') this.event = value;
    if (name === 'data') this.data.push(value);
    return undefined;
  }

  /** A message without data is none. */
  private end(): EventMessage | undefined {
    const { event, data } = this;
    this.event = '';
    this.data = [];
    return data.length === 0 ? undefined : { event: event === '' ? 'message' : event, data: data.join('\n') };
  }
}
