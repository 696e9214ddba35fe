/** What a server does while its log is changed under it: does it go on, and do those who follow it receive the reason when it stops? */
import { ParleyError, type ParleyClient } from '../../src/client/index.js';
import type { Feed } from './feed.js';
import { clientOf, readMarket } from './market.js';
import type { Memory, Posted } from './memory.js';
import type { Script } from './script.js';
import { sleep } from './serve.js';

export interface Meanwhile {
  /** Acknowledged after the change. */
  readonly acknowledged: readonly Posted[];
  /** Answers that took another's position or id. */
  readonly conflicts: readonly string[];
  /** The last post was acknowledged, and the server says that it is ready. */
  readonly goesOn: boolean;
  /** What the last refusal said. */
  readonly reason: string | undefined;
}

/** For so long posts go on after a change. */
const NOTICE_MS = 3_000;
const PAUSE_MS = 60;
const FEED_MS = 5_000;

/** Posts for a while, whatever the answers are. All that is acknowledged is remembered. */
export async function postOn(url: string, script: Script, memory: Memory): Promise<Meanwhile> {
  const client = clientOf(url, 1);
  const [acknowledged, conflicts]: [Posted[], string[]] = [[], []];
  let [isLastAcknowledged, reason]: [boolean, string | undefined] = [false, undefined];
  memory.market = undefined;
  for (const startedMs = performance.now(); performance.now() - startedMs < NOTICE_MS; await sleep(PAUSE_MS)) {
    const intention = script.next();
    try {
      const answer = await client.postIntention(intention);
      const conflict = memory.posted(intention, answer);
      if (conflict === undefined) acknowledged.push({ intention, answer });
      else conflicts.push(conflict);
      isLastAcknowledged = true;
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      isLastAcknowledged = false;
      reason = error.message;
    }
  }
  const { isReady } = await client.health();
  if (isReady && isLastAcknowledged) memory.market = await lookAt(client);
  return { acknowledged, conflicts, goesOn: isReady && isLastAcknowledged, reason };
}

/** Reads may be behind, or have nothing to read from any more. */
async function lookAt(client: ParleyClient): Promise<Memory['market']> {
  try {
    return await readMarket(client);
  } catch (error) {
    if (error instanceof ParleyError) return undefined;
    throw error;
  }
}

/** How a feed that goes on differs from what was acknowledged. A feed that has ended has given its reader the reason. */
export async function silenceOf(feed: Feed, acknowledged: readonly Posted[]): Promise<string[]> {
  const wrong = ({ intention, answer }: Posted): boolean =>
    !(feed.seen.get(answer.position)?.includes(`"${intention.clientIntentionId}"`) ?? false);
  let missing = acknowledged.filter(wrong);
  for (const startedMs = performance.now(); missing.length > 0 && !feed.isOver; await sleep(PAUSE_MS)) {
    if (performance.now() - startedMs > FEED_MS) break;
    missing = missing.filter(wrong);
  }
  const [first] = missing;
  const silent =
    first === undefined || feed.isOver
      ? []
      : [`a feed goes on, and does not show ${first.intention.clientIntentionId} at ${first.answer.position}`];
  return [...silent, ...feed.contradictions.map((position) => `a feed shows two things at position ${position}`)];
}
