/** `docs/reference/event-layouts.json`: the binary form of every event, for programs that decode them elsewhere. */
import { catalogue, layoutOf } from '../../../src/events/catalogue.js';

const note =
  'Canonical bytes: a control word of 32 bits, little-endian (the code, then for each grouped integer its length less one in 3 bits), ' +
  'the grouped integers, and the rest. docs/internals/log-format.md says all of it.';

export function eventLayoutsPage(): string {
  const events = catalogue.map(layoutOf).map(({ schema: { code, type, version, stream, fields }, grouped, rest }) => ({
    ...{ code, type, version, stream },
    /** In the order in which JSON has them. */
    fields,
    grouped,
    rest: rest.map(([name]) => name),
  }));
  return JSON.stringify({ note, events });
}
