import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteCursor } from '../../../src/events/bytes.js';
import { decodeEvent, encodeEvent, streamOf } from '../../../src/events/event.js';
import { readEventJson } from '../../../src/events/json.generated.js';
import { events } from '../../support/reference/arbitrary-events.js';
import { runs } from '../../support/property/runs.js';

it('The JSON writer makes of canonical bytes the text that JSON.stringify makes of the event, and names its stream', () => {
  fc.assert(
    fc.property(events, fc.nat(), (event, shard) => {
      const bytes = encodeEvent(event);
      const cursor = (): ByteCursor => new ByteCursor(bytes);
      const told = { type: '', stream: '' };
      const reading = cursor();
      expect(readEventJson(reading, shard, told)).toBe(JSON.stringify(decodeEvent(cursor())));
      expect(told).toEqual({ type: event.type, stream: streamOf(event, shard) });
      expect(reading.at).toBe(bytes.length);
    }),
    runs(500),
  );
});
