import { refuse } from '../domain/refusal.js';
import type { Answer, IntentionAcknowledged, PostIntention } from './commands.js';
import { PREFETCH_GROUP } from './shard/idempotency-index.js';
import { parsePost } from './parse-post.js';
import type { Shard } from './shard/shard.js';
import { acknowledge } from './views.js';

type Acknowledged = Answer<IntentionAcknowledged>;

/** Posts one intention at once. To be called only while the shard serves at this time. */
export function postNow({ market, posts }: Shard, command: PostIntention, atMs: number): Acknowledged {
  const instrument = market.instrumentBySymbol(command.instrument);
  if (instrument === undefined) return refuse('UNKNOWN_INSTRUMENT');
  const terms = parsePost(instrument, command);
  if ('ok' in terms) return terms;
  const posted = posts.post(terms, atMs);
  if (typeof posted !== 'number') return refuse(posted);
  const id = Math.abs(posted);
  return acknowledge(id, posts.postedPosition(id), instrument, terms);
}

/** Posts one after the other; where the shard pauses to rebuild a negotiator, goes on once it serves again. Returns false when it stops. */
export function postAll(
  shard: Shard,
  commands: readonly PostIntention[],
  done: (answers: readonly Acknowledged[]) => void,
): boolean {
  if (!shard.admission.isTaking) return false;
  const answers: Acknowledged[] = [];
  const go = (): void => {
    const atMs = shard.clock.nowMs();
    while (answers.length < commands.length) {
      if (!shard.isServingAt(atMs)) {
        if (answers.length === 0) shard.admission.whenServing(go);
        else if (!shard.admission.isStopped) shard.admission.whenIdle(go);
        return;
      }
      if (answers.length % PREFETCH_GROUP === 0) prefetch(shard, commands, answers.length);
      answers.push(postNow(shard, commands[answers.length] as PostIntention, atMs)); // the index is below the length
    }
    done(answers);
  };
  go();
  return true;
}

function prefetch({ posts }: Shard, commands: readonly PostIntention[], from: number): void {
  if (commands.length === 1) return;
  const until = Math.min(from + PREFETCH_GROUP, commands.length);
  for (let index = from; index < until; index++) {
    const { clientIntentionId, participant } = commands[index] as PostIntention; // the index is below the length
    if (typeof clientIntentionId === 'string') posts.prefetch(clientIntentionId, participant);
  }
  posts.flushPrefetch();
}
