import fc from 'fast-check';
import { toHex } from '../../../src/events/bytes.js';
import { catalogue, type EventSchema, type FieldKind } from '../../../src/events/catalogue.js';
import type { Event } from '../../../src/events/event.js';
import type { Journal } from '../../../src/domain/journal.generated.js';
import { type EventHandler, NoopHandler } from '../../../src/events/handlers.generated.js';

const integers = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 0x7fff_ffff }),
  fc.maxSafeNat(),
  // Where the number of bytes changes, seven or eight bits a byte.
  fc
    .tuple(fc.constantFrom(7, 8, 14, 16, 21, 24, 28, 31, 32, 35, 40, 42, 48, 49, 53), fc.integer({ min: -1, max: 1 }))
    .map(([bits, by]) => Math.min(2 ** bits + by, Number.MAX_SAFE_INTEGER)),
);

const texts = fc.oneof(
  fc.string({ maxLength: 64 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ minLength: 120, maxLength: 140 }),
  fc.constantFrom('0', '1', '12.5', '1.50', '-1', '9'.repeat(17)),
  fc.constantFrom('', '\u0000', '\ufeffa', '\u{10ffff}', '"\\'),
);

function fieldOf(kind: FieldKind): fc.Arbitrary<number | string | boolean> {
  if (typeof kind !== 'string') return fc.constantFrom(...kind);
  switch (kind) {
    case 'integer':
      return integers;
    case 'text':
      return texts;
    case 'flag':
      return fc.boolean();
    case 'digest':
      return fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);
  }
}

function eventOf({ type, version, fields }: EventSchema): fc.Arbitrary<Event> {
  const arbitraries = Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, fieldOf(kind)]));
  return fc.record(arbitraries).map((values) => {
    const inOrder = Object.keys(fields).map((name) => [name, values[name]]);
    return { type, version, ...Object.fromEntries(inOrder) } as Event; // made by its schema
  });
}

/** Any event of the catalogue, of any version. */
export const events: fc.Arbitrary<Event> = fc.oneof(...catalogue.map(eventOf));

const current = catalogue.filter(({ upcast }) => upcast === undefined);

/** Any event that is still written. */
export const currentEvents: fc.Arbitrary<Event> = fc.oneof(...current.map(eventOf));

export const schemaFor = (event: { readonly type: string; readonly version: number }): EventSchema => {
  const schema = catalogue.find(({ type, version }) => type === event.type && version === event.version);
  if (schema === undefined) throw new Error(`no schema of ${event.type} version ${event.version}`);
  return schema;
};

/** The method of a journal that receives an event. */
export const methodOf = (type: string): keyof Journal =>
  `${type.charAt(0).toLowerCase()}${type.slice(1)}` as keyof Journal; // so the generator names it

/** A field as a record holds it: choices by their numbers, digests as bytes. */
export function asArgument(kind: FieldKind, value: unknown): unknown {
  if (typeof kind !== 'string') return kind.indexOf(value as string);
  return kind === 'digest' ? Uint8Array.from(Buffer.from(value as string, 'hex')) : value;
}

/** The record that a handler is handed of an event: that of the current version. */
export function recordOf(event: Event): Record<string, unknown> {
  const { upcast } = schemaFor(event);
  const { fields } = current.find(({ type }) => type === event.type) ?? schemaFor(event);
  const values: Readonly<Record<string, unknown>> = { ...event };
  const argument = (name: string, kind: FieldKind): unknown =>
    name in values ? asArgument(kind, values[name]) : upcast?.[name];
  return Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, argument(name, kind)]));
}

/** A handler that keeps what it is handed: records are used again, so it copies them. */
export class Recording {
  readonly told: { readonly method: string; readonly record: Readonly<Record<string, unknown>> }[] = [];
  readonly handler: EventHandler = new Proxy(new NoopHandler(), {
    get:
      (_target, method) =>
      (record: Readonly<Record<string, unknown>>): void => {
        const copies = Object.entries(record).map(([name, each]) => [
          name,
          each instanceof Uint8Array ? each.slice() : each,
        ]);
        this.told.push({ method: String(method), record: Object.fromEntries(copies) });
      },
  });
}
