import fs from 'node:fs';
import path from 'node:path';
import type { Random } from '../../support/random.js';
import { remove, rewrite, segmentsIn } from './folder.js';
import { type FoundFrame, framesOf } from './log-as-left.js';
import type { Ground, Operation } from './operation.js';

const HEADER_BYTES = 32;
const MOST_ZEROED = 700;

export const segmentOperations: readonly Operation[] = [
  onFrames('cut the end between frames', 'last', (bytes, frames, random) => {
    const from = frames[frames.length - 1 - random.below(Math.min(12, frames.length))]?.start ?? HEADER_BYTES;
    return [bytes.subarray(0, from), `from byte ${from} on`];
  }),
  onFrames('cut the end within a frame', 'last', (bytes, frames, random) => {
    const frame = frames[frames.length - 1 - random.below(Math.min(12, frames.length))] ?? { start: 0, end: 0 };
    const from = frame.start + 1 + random.below(frame.end - frame.start - 1);
    return [bytes.subarray(0, from), `from byte ${from} on`];
  }),
  onFrames('cut the front', 'first', (bytes, frames, random) => {
    const to = frames[random.below(frames.length)]?.end ?? HEADER_BYTES;
    return [Buffer.concat([bytes.subarray(0, HEADER_BYTES), bytes.subarray(to)]), `up to byte ${to}`];
  }),
  onFrames('cut out frames', 'any', (bytes, frames, random) => {
    const first = random.below(frames.length);
    const last = Math.min(frames.length - 1, first + random.below(4));
    const [from, to] = [frames[first]?.start ?? 0, frames[last]?.end ?? 0];
    return [Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]), `bytes ${from} to ${to}`];
  }),
  onFrames('exchange two frames', 'any', (bytes, frames, random) => {
    const at = random.below(Math.max(1, frames.length - 1));
    const [one, two] = [frames[at], frames[at + 1]];
    if (one === undefined || two === undefined) return undefined;
    const pieces = [
      [0, one.start],
      [two.start, two.end],
      [one.start, one.end],
      [two.end, bytes.length],
    ] as const;
    return [Buffer.concat(pieces.map(([from, to]) => bytes.subarray(from, to))), `at byte ${one.start}`];
  }),
  onFrames('cut bytes off', 'any', (bytes, _frames, random) => {
    const from = random.below(bytes.length);
    return [bytes.subarray(0, from), `from byte ${from} on`];
  }),
  onFrames('flip a byte of a segment', 'any', (bytes, _frames, random) => {
    const at = random.below(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + random.below(255)), at);
    return [bytes, `byte ${at}`];
  }),
  onFrames('zero a range', 'any', (bytes, _frames, random) => {
    const from = random.below(bytes.length);
    const to = Math.min(bytes.length, from + 1 + random.below(MOST_ZEROED));
    return [bytes.fill(0, from, to), `bytes ${from} to ${to}`];
  }),
  removing('remove the first segment', (names) => names.slice(0, 1)),
  removing('remove a middle segment', (names) => names.slice(1, 2)),
  removing('remove the last segment', (names) => names.slice(-1)),
  removing('remove all segments', (names) => names),
  { name: 'a segment under another name too', harm: 'log', apply: duplicate },
  { name: 'exchange the names of two segments', harm: 'log', apply: exchangeNames },
  { name: 'append frames of another exchange', harm: 'log', apply: appendForeign },
  { name: 'splice another exchange in', harm: 'log', apply: splice },
];

type Change = (bytes: Buffer, frames: readonly FoundFrame[], random: Random) => [Buffer, string] | undefined;

/** Something done to the bytes of one segment that holds a frame. */
function onFrames(name: string, which: 'first' | 'last' | 'any', change: Change): Operation {
  const apply = ({ folder, random }: Ground): string | undefined => {
    const names = segmentsIn(folder).filter((file) => framesOf(fs.readFileSync(path.join(folder, file))).length > 0);
    const index = which === 'first' ? 0 : which === 'last' ? names.length - 1 : random.below(names.length);
    const file = names[index];
    if (file === undefined) return undefined;
    let says: string | undefined;
    rewrite(path.join(folder, file), (bytes) => {
      const changed = change(bytes, framesOf(bytes), random);
      says = changed === undefined ? undefined : `${file}: ${changed[1]}`;
      return changed?.[0] ?? bytes;
    });
    return says;
  };
  return { name, harm: 'log', apply };
}

function removing(name: string, choose: (names: string[]) => string[]): Operation {
  const apply = ({ folder }: Ground): string => {
    const names = choose(segmentsIn(folder));
    remove(folder, names);
    return names.join(', ');
  };
  return { name, harm: 'log', apply };
}

function duplicate({ folder, random }: Ground): string {
  const names = segmentsIn(folder);
  const file = names[random.below(names.length)] ?? '';
  const [, position = '', epoch = ''] = /^(\d+)-(\d+)/.exec(file) ?? [];
  const raised = String(Number(epoch) + 1 + random.below(5)).padStart(6, '0');
  const moved = String(Number(position) + 1 + random.below(50)).padStart(20, '0');
  const name = random.chance(1, 2) ? `${position}-${raised}.log` : `${moved}-${epoch}.log`;
  fs.copyFileSync(path.join(folder, file), path.join(folder, name));
  return `${file} as ${name}`;
}

function exchangeNames({ folder }: Ground): string {
  const [one = '', two = ''] = segmentsIn(folder);
  const [first, second] = [path.join(folder, one), path.join(folder, two)];
  fs.renameSync(first, `${first}.aside`);
  fs.renameSync(second, first);
  fs.renameSync(`${first}.aside`, second);
  return `${one} and ${two}`;
}

function appendForeign({ folder, stranger, random }: Ground): string {
  const [own = ''] = segmentsIn(folder).slice(-1);
  const [other = ''] = segmentsIn(stranger.folder).slice(-1);
  const foreign = fs.readFileSync(path.join(stranger.folder, other));
  const frames = framesOf(foreign);
  const from = frames[random.below(frames.length)]?.start ?? HEADER_BYTES;
  fs.appendFileSync(path.join(folder, own), foreign.subarray(from));
  return `${other} from byte ${from} on, to ${own}`;
}

/** The twin's frames have the same positions: they fit by all but their digests. */
function splice({ folder, twin, random }: Ground): string {
  const names = segmentsIn(folder);
  const file = names[random.below(names.length)] ?? '';
  const [own, other] = [folder, twin.folder].map((each) => fs.readFileSync(path.join(each, file)));
  if (own === undefined || other === undefined) throw new Error('the twin has other segments');
  const [ownFrames, otherFrames] = [framesOf(own), framesOf(other)];
  const at = random.below(Math.min(ownFrames.length, otherFrames.length));
  const pieces = [own.subarray(0, ownFrames[at]?.start), other.subarray(otherFrames[at]?.start)];
  fs.writeFileSync(path.join(folder, file), Buffer.concat(pieces));
  return `${file} from frame ${at} on`;
}
