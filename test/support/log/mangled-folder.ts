/** Ways in which a log's folder can be spoilt, as a function of its files. */
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { HEADER_BYTES, putFrameHeader, takeFrameHeader, type FrameHeader } from '../../../infra/embedded/format.js';

/** Names and contents. */
export type Files = Map<string, Buffer>;

export interface Mangling {
  readonly says: string;
  readonly mangle: (files: Files) => void;
  readonly [fc.toStringMethod]: () => string;
}

const emptyHeader = (): FrameHeader => ({ epoch: 0, firstPosition: 0, count: 0, payloadBytes: 0, payloadCrc: 0 });

/** The frames of a segment that is whole so far: where each begins and ends. */
function framesOf(bytes: Buffer): { readonly start: number; readonly end: number }[] {
  const frames: { start: number; end: number }[] = [];
  const header = emptyHeader();
  for (let start = HEADER_BYTES; start + HEADER_BYTES <= bytes.length;) {
    if (!takeFrameHeader(bytes, start, header)) break;
    const end = start + HEADER_BYTES + header.payloadBytes;
    if (end > bytes.length) break;
    frames.push({ start, end });
    start = end;
  }
  return frames;
}

const place = fc.nat(1 << 20);

/** Something done to one of the segments. */
function onSegment(
  what: string,
  parameters: fc.Arbitrary<readonly number[]>,
  change: (bytes: Buffer, files: Files, ...parameters: number[]) => Buffer,
): fc.Arbitrary<Mangling> {
  return fc.tuple(place, parameters).map(([pick, numbers]) => {
    const says = `${what} (${numbers.join(', ')}) in segment ${pick}`;
    const mangle = (files: Files): void => {
      const segments = [...files.keys()].filter((name) => name.endsWith('.log'));
      const name = segments[pick % Math.max(1, segments.length)];
      if (name !== undefined) files.set(name, change(Buffer.from(files.get(name) ?? []), files, ...numbers));
    };
    return { says, mangle, [fc.toStringMethod]: () => says };
  });
}

const numbers = (...arbitraries: fc.Arbitrary<number>[]): fc.Arbitrary<readonly number[]> => fc.tuple(...arbitraries);
const at = (bytes: Buffer, drawn: number): number => drawn % Math.max(1, bytes.length);
const framePick = (bytes: Buffer, drawn: number) => framesOf(bytes)[drawn % Math.max(1, framesOf(bytes).length)];
const filler = fc.constantFrom(0, 0xff, 0xfe, 0x41);

/** What disks, crashes and hands do: no checksum is made to fit. */
export const accidents: fc.Arbitrary<Mangling> = fc.oneof(
  onSegment(
    'one byte changed',
    numbers(place, fc.integer({ min: 1, max: 255 })),
    (bytes, _files, drawn = 0, mask = 1) => {
      if (bytes.length > 0) bytes.writeUInt8(bytes.readUInt8(at(bytes, drawn)) ^ mask, at(bytes, drawn));
      return bytes;
    },
  ),
  onSegment('cut short', numbers(place), (bytes, _files, drawn = 0) => bytes.subarray(0, at(bytes, drawn))),
  onSegment('filled', numbers(place, fc.nat(2_000), filler), (bytes, _files, drawn = 0, length = 0, value = 0) =>
    bytes.fill(value, at(bytes, drawn), Math.min(bytes.length, at(bytes, drawn) + length)),
  ),
  onSegment('made longer', numbers(fc.nat(2_000), filler), (bytes, _files, length = 0, value = 0) =>
    Buffer.concat([bytes, Buffer.alloc(length, value)]),
  ),
  onSegment('a frame twice', numbers(place), (bytes, _files, drawn = 0) => {
    const { start, end } = framePick(bytes, drawn) ?? { start: bytes.length, end: bytes.length };
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  }),
  onSegment('a frame lost', numbers(place), (bytes, _files, drawn = 0) => {
    const { start, end } = framePick(bytes, drawn) ?? { start: bytes.length, end: bytes.length };
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  }),
  onSegment('two frames the other way round', numbers(place), (bytes, _files, drawn = 0) => {
    const frames = framesOf(bytes);
    const [one, two] = frames.slice(drawn % Math.max(1, frames.length - 1));
    if (one === undefined || two === undefined) return bytes;
    const pieces = [
      [0, one.start],
      [two.start, two.end],
      [one.start, one.end],
      [two.end, bytes.length],
    ] as const;
    return Buffer.concat(pieces.map(([from, to]) => bytes.subarray(from, to)));
  }),
  onSegment('another segment behind it', numbers(place), (bytes, files, drawn = 0) => {
    const others = [...files.values()];
    return Buffer.concat([bytes, others[drawn % others.length] ?? Buffer.alloc(0)]);
  }),
  onSegment('the frames of another segment', numbers(place), (bytes, files, drawn = 0) => {
    const others = [...files.values()];
    return Buffer.concat([
      bytes.subarray(0, HEADER_BYTES),
      (others[drawn % others.length] ?? bytes).subarray(HEADER_BYTES),
    ]);
  }),
  fc.tuple(place, place, fc.boolean()).map(([from, to, isMoved]) => {
    const says = `file ${from} ${isMoved ? 'moved' : 'copied'} over ${to}`;
    const mangle = (files: Files): void => {
      const names = [...files.keys()];
      const [source = '', target = ''] = [names[from % names.length], names[to % names.length]];
      files.set(target, Buffer.from(files.get(source) ?? []));
      if (isMoved && source !== target) files.delete(source);
    };
    return { says, mangle, [fc.toStringMethod]: () => says };
  }),
);

/** A frame as no writer makes it, with checksums that fit all the same: sizes and counts up to what their fields hold, and any payload. */
export const forgeries: fc.Arbitrary<Mangling> = fc.oneof(
  onSegment(
    'a header forged',
    numbers(place, fc.integer({ min: 0, max: 4 }), fc.constantFrom(0, 1, 2, 0x7fff_ffff, 0xffff_fff0, 0xffff_ffff)),
    (bytes, _files, drawn = 0, field = 0, value = 0) => {
      const frame = framePick(bytes, drawn);
      const header = emptyHeader();
      if (frame === undefined || !takeFrameHeader(bytes, frame.start, header)) return bytes;
      const names = ['epoch', 'firstPosition', 'count', 'payloadBytes', 'payloadCrc'] as const;
      header[names[field % names.length] ?? 'count'] = value;
      putFrameHeader(bytes, frame.start, header);
      return bytes;
    },
  ),
  onSegment('a payload forged', numbers(place, place, fc.nat(255)), (bytes, _files, drawn = 0, byte = 0, value = 0) => {
    const frame = framePick(bytes, drawn);
    const header = emptyHeader();
    if (frame === undefined || !takeFrameHeader(bytes, frame.start, header)) return bytes;
    const payload = bytes.subarray(frame.start + HEADER_BYTES, frame.end);
    if (payload.length === 0) return bytes; // its header was forged before
    payload.writeUInt8(value, byte % payload.length);
    putFrameHeader(bytes, frame.start, { ...header, payloadCrc: crc32(payload) });
    return bytes;
  }),
);
