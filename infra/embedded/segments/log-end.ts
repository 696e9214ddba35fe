/** Finds where a log ends, for a writer: all that is there counts, durable or not, and the last frames are verified. */
import { readChain } from './segments.js';
import type { LogPlace } from '../log-place.js';
import type { Frame } from './segment-reader.js';
import type { TornTail } from './tail.js';
import { readFrames } from '../log-reader.js';

/** Where a log ends. */
export interface LogEnd {
  readonly head: number;
  /** The last frame, if there is any; its `bytes` are not to be used. */
  readonly lastFrame: Frame | undefined;
  readonly torn: TornTail | undefined;
}

/** `known` is the position of a frame that has been verified, to begin at. */
export async function findEnd(options: LogPlace, known: number | undefined): Promise<LogEnd> {
  if (known !== undefined) {
    const end = await findEndFrom(options, known);
    if (end.lastFrame !== undefined) return end;
  }
  let end: LogEnd = { head: 0, lastFrame: undefined, torn: undefined };
  const { segments } = readChain(options.files, options.folder);
  for (const { firstPosition, end: segmentEnd } of segments.toReversed()) {
    if (segmentEnd === firstPosition) continue;
    end = await findEndFrom(options, firstPosition);
    if (end.lastFrame !== undefined) break;
  }
  return end;
}

async function findEndFrom({ files, folder, shard, index }: LogPlace, from: number): Promise<LogEnd> {
  let lastFrame: Frame | undefined;
  let torn: TornTail | undefined;
  const onTorn = (tail: TornTail): void => {
    if (!tail.ignored) torn = tail;
  };
  for await (const frame of readFrames({ files, folder, shard, index, from, opening: true, onTorn })) lastFrame = frame;
  const head = lastFrame === undefined ? from : lastFrame.firstPosition + lastFrame.count;
  return { head, lastFrame, torn };
}
