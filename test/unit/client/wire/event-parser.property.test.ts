import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventMessage, EventParser } from '../../../../src/client/wire/event-parser.js';

/** What somebody else's parser makes of the same pieces. */
function referenceOf(pieces: readonly string[]): EventMessage[] {
  const messages: EventMessage[] = [];
  const parser = createParser({ onEvent: ({ event = 'message', data }) => messages.push({ event, data }) });
  for (const piece of pieces) parser.feed(piece);
  return messages;
}

function messagesOf(pieces: readonly string[]): EventMessage[] {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.feed(piece));
}

const field = fc.constantFrom('event', 'data', 'id', 'retry', '', 'datum', ' data');
const value = fc.constantFrom('', 'x', ' x', 'a:b', '{"position":7}', 'é\u2028', ':');
const line = fc.oneof(
  fc.tuple(field, fc.constantFrom(':', ': ', ''), value).map((parts) => parts.join('')),
  fc.constant(''),
);
const stream = fc.tuple(fc.array(line), fc.constantFrom('\n', '\r\n', '\r')).map(([lines, end]) => {
  return lines.map((each) => each + end).join('');
});

/** A text in pieces, cut anywhere. */
const inPieces = fc.tuple(stream, fc.array(fc.nat(200))).map(([text, cuts]) => {
  const places = [0, ...cuts.filter((cut) => cut <= text.length).sort((one, other) => one - other), text.length];
  return places.slice(1).map((end, index) => text.slice(places[index], end));
});

describe('the parser of event streams', () => {
  it('The parser of event streams makes of any stream, cut anywhere, what an independent one makes of it', () => {
    // The reference takes a carriage return at the end of a piece for the end of a line only with the next one, as this one does.
    fc.assert(
      fc.property(inPieces, (pieces) => {
        expect(messagesOf(pieces)).toEqual(referenceOf(pieces));
      }),
    );
  });

  it('The parser of event streams joins data, leaves out comments, and takes no message without data', () => {
    const text = '\uFEFF: hello\n\nevent: deal\ndata: {"a":\ndata: 1}\n\nevent: nothing\n\ndata\n\n';
    expect(messagesOf([text])).toEqual([
      { event: 'deal', data: '{"a":\n1}' },
      { event: 'message', data: '' },
    ]);
  });
});
