/** The facts by which a changed folder is judged: what of it is lost, and what shows the loss. */
import fs from 'node:fs';
import path from 'node:path';
import type { EventBatch } from '../../../src/events/fold.js';
import { LogFacts } from '../../crash/log-facts.js';
import type { Facts } from '../judge.js';
import type { Memory } from '../memory.js';
import { contradictedBy, type Known, knownIn } from './known.js';
import { segmentsIn } from './folder.js';
import { batchesOf, type LogAsLeft, readLogIn } from './log-as-left.js';

/** `before` is the log as it was before it was changed. */
export async function factsOf(
  folder: string,
  memory: Memory,
  before: LogAsLeft,
  anchors: readonly Known[],
): Promise<Facts> {
  const log = readLogIn(folder);
  const lost = log.broken === undefined ? await lostFrom(log, memory, before) : [log.broken];
  const shows = contradictedBy(log, knownIn(folder));
  return {
    lost,
    shows: log.broken === undefined ? shows : [log.broken, ...shows],
    anchorShows: contradictedBy(log, anchors),
    isThere: log.segments.length > 0,
  };
}

/** What was acknowledged, and every batch that was there, as far as it is not where it was. */
async function lostFrom(log: LogAsLeft, memory: Memory, before: LogAsLeft): Promise<string[]> {
  const { posts, ended } = await LogFacts.read({ read: () => each(log.batches) });
  const lost: string[] = [];
  for (const { intention, answer } of memory.posts.values()) {
    const { clientIntentionId } = intention;
    const now = posts.get(clientIntentionId);
    const isThere = now?.position === answer.position && now.id === answer.id;
    if (!isThere)
      lost.push(
        `${clientIntentionId}, acknowledged at ${answer.position}, is ${now === undefined ? 'gone' : `at ${now.position}`}`,
      );
  }
  for (const [id, { status, position }] of memory.withdrawn) {
    if (status === 'filled') continue; // before it could be withdrawn
    if (ended.get(id) !== position) lost.push(`the withdrawal of ${id}, acknowledged at ${position}, is gone`);
  }
  for (const [position, digest] of before.digests) {
    if (log.digests.get(position) === digest) continue;
    lost.push(`the batch that ended at ${position} is gone`);
    break;
  }
  return lost;
}

/** The client ids of all posts that stand in a segment, frame after frame from its beginning, whatever happened to the others. */
export async function postsInSegments(folder: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of segmentsIn(folder)) {
    const { posts } = await LogFacts.read({ read: () => each(batchesOf(fs.readFileSync(path.join(folder, name)))) });
    for (const clientId of posts.keys()) found.add(clientId);
  }
  return found;
}

async function* each(batches: readonly EventBatch[]): AsyncGenerator<EventBatch> {
  yield* batches;
}
