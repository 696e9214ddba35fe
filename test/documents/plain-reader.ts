/**
 * A reader of a folder's log, written from docs/internals/log-format.md alone: of Parley it has the table of events, and nothing else. A test
 * holds it against the real one, so that page says enough, and what it says is true.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { catalogue, type FieldKind } from '../../src/events/catalogue.js';

export interface PlainEvent {
  readonly position: number;
  readonly event: Readonly<Record<string, number | string | boolean>>;
}

/** Told of every piece of the bytes, in order, without a gap. */
export type Tell = (at: number, length: number, says: string) => void;

const SEGMENT_MAGIC = '895041524c45590a';
const FRAME_MAGIC = 'fe504631';
const HEADER = 32;
const silent: Tell = () => undefined;

/** A log's events from its segments, by their names: those that count. Throws for what is no log. */
export function readLog(files: ReadonlyMap<string, Uint8Array>): PlainEvent[] {
  const segments = [...files]
    .flatMap(([name, bytes]) => {
      const [, first, epoch] = /^(\d{20})-(\d{6,10})\.log$/.exec(name) ?? [];
      return first === undefined ? [] : [{ first: Number(first), epoch: Number(epoch), bytes }];
    })
    .sort((one, other) => one.epoch - other.epoch || one.first - other.first)
    .filter(({ bytes }, index, all) => bytes.length > HEADER || index === all.length - 1);
  const events: PlainEvent[] = [];
  let digest: Uint8Array = new Uint8Array(32);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    const newer = segments.find(({ epoch }) => epoch > segment.epoch);
    const end = next?.epoch === segment.epoch ? next.first : (newer?.first ?? Infinity);
    for (const frame of readSegment(segment.bytes)) {
      if (frame.first >= end) break;
      digest = mustBeSealed(frame, digest);
      events.push(...frame.events);
    }
  }
  return events;
}

export interface PlainFrame {
  readonly first: number;
  readonly events: readonly PlainEvent[];
  /** The canonical bytes of its events but the last, and the digest that the last one says. */
  readonly covered: Uint8Array;
  readonly seal: string;
}

/** The whole frames of a segment, up to the first that is none: a torn tail. */
export function* readSegment(bytes: Uint8Array, tell = silent): Generator<PlainFrame> {
  const view = viewOf(bytes);
  if (hex(bytes, 0, 8) !== SEGMENT_MAGIC || view.getUint32(28, true) !== crc32(bytes.subarray(0, 28))) {
    throw new Error('no segment of a log');
  }
  tell(0, 8, 'a segment of a log');
  tell(8, 4, `format version ${view.getUint32(8, true)}`);
  tell(12, 4, `shard ${view.getUint32(12, true)}`);
  tell(16, 8, `first position ${view.getBigUint64(16, true)}`);
  tell(24, 4, `epoch ${view.getUint32(24, true)}`);
  tell(28, 4, 'CRC of bytes 0 to 27');
  for (let at = HEADER; isWholeFrame(bytes, at);) {
    const length = view.getUint32(at + 20, true);
    yield readFrame(bytes, at, tell);
    at += HEADER + length;
  }
}

function isWholeFrame(bytes: Uint8Array, at: number): boolean {
  if (at + HEADER > bytes.length || hex(bytes, at, 4) !== FRAME_MAGIC) return false;
  const view = viewOf(bytes);
  if (view.getUint32(at + 28, true) !== crc32(bytes.subarray(at, at + 28))) return false;
  const payload = bytes.subarray(at + HEADER, at + HEADER + view.getUint32(at + 20, true));
  return payload.length === view.getUint32(at + 20, true) && view.getUint32(at + 24, true) === crc32(payload);
}

function readFrame(bytes: Uint8Array, at: number, tell: Tell): PlainFrame {
  const view = viewOf(bytes);
  const first = Number(view.getBigUint64(at + 8, true));
  const count = view.getUint32(at + 16, true);
  tell(at, 4, 'a frame');
  tell(at + 4, 4, `epoch ${view.getUint32(at + 4, true)}`);
  tell(at + 8, 8, `first position ${first}`);
  tell(at + 16, 4, `${count} events`);
  tell(at + 20, 4, `${view.getUint32(at + 20, true)} bytes of payload`);
  tell(at + 24, 4, 'CRC of the payload');
  tell(at + 28, 4, 'CRC of the header’s bytes 0 to 27');
  const events: PlainEvent[] = [];
  let end = at + HEADER;
  let sealAt = end;
  for (let index = 0; index < count; index++) {
    sealAt = end;
    const read = readEvent(bytes, end, tell);
    events.push({ position: first + index, event: read.event });
    end = read.end;
  }
  return { first, events, covered: bytes.subarray(at + HEADER, sealAt), seal: String(events.at(-1)?.event.digest) };
}

/** An event's control word, its grouped integers, and then the rest. */
function readEvent(
  bytes: Uint8Array,
  at: number,
  tell: Tell,
): { readonly event: PlainEvent['event']; readonly end: number } {
  const control = viewOf(bytes).getUint32(at, true);
  const schema = catalogue.find(({ code }) => code === (control & 0xff));
  if (schema === undefined) throw new Error(`no event has the code ${control & 0xff}`);
  tell(at, 4, `${schema.type}: control word`);
  const fields = Object.entries(schema.fields);
  const grouped = fields.filter(([, kind]) => kind === 'integer').slice(0, 8);
  const rest = fields.filter((field) => !grouped.includes(field));
  const values: Record<string, number | string | boolean> = {};
  let end = at + 4;
  for (const [index, [name]] of grouped.entries()) {
    const length = ((control >>> (8 + 3 * index)) & 7) + 1;
    values[name] = bytes.subarray(end, end + length).reduceRight((value, byte) => value * 256 + byte, 0);
    tell(end, length, `${name} ${values[name]}`);
    end += length;
  }
  for (const [name, kind] of rest) {
    const { value, length } = readField(bytes, end, kind);
    tell(end, length, kind === 'digest' ? name : `${name} ${JSON.stringify(value)}`);
    values[name] = value;
    end += length;
  }
  const inOrder = fields.map(([name]) => [name, values[name] as number | string | boolean] as const); // all were read
  return { event: { type: schema.type, version: schema.version, ...Object.fromEntries(inOrder) }, end };
}

function readField(
  bytes: Uint8Array,
  at: number,
  kind: FieldKind,
): { readonly value: number | string | boolean; readonly length: number } {
  if (typeof kind !== 'string') return { value: kind[bytes[at] ?? -1] ?? '', length: 1 };
  if (kind === 'flag') return { value: bytes[at] === 1, length: 1 };
  if (kind === 'digest') return { value: hex(bytes, at, 32), length: 32 };
  const number = readLeb128(bytes, at);
  if (kind === 'integer') return number;
  const length = number.length + number.value;
  return { value: new TextDecoder().decode(bytes.subarray(at + number.length, at + length)), length };
}

/** Seven bits a byte, the lowest first; all bytes but the last have their top bit set. */
function readLeb128(bytes: Uint8Array, at: number): { readonly value: number; readonly length: number } {
  let value = 0;
  for (let index = 0; ; index++) {
    const byte = bytes[at + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, length: index + 1 };
  }
}

/** SHA-256 over the digest before and the batch's other events. Returns it. */
function mustBeSealed({ covered, seal }: PlainFrame, before: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(before).update(covered).digest();
  if (digest.toString('hex') !== seal) throw new Error('the digest is not that of the batch');
  return digest;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function hex(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString('hex');
}
