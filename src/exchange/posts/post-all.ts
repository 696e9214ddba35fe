import { type Refusal, refuse } from '../../domain/refusal.js';
import type { Answer, IntentionAcknowledged, PostIntention } from '../commands.js';
import { PREFETCH_GROUP } from '../shard/idempotency-index.js';
import { parsePost } from './parse-post.js';
import type { Shard } from '../shard/shard.js';
import { refuseNoTime } from './valid-until.js';
import { acknowledge, type Posted } from './acknowledge.js';

/** A post that had been posted before: what it is answered stands in the log. */
export class RepeatedPost {
  constructor(readonly posted: Posted) {}
}

/** What is known of the answer to a post once its turns have run. */
export type PostTaken = Answer<IntentionAcknowledged> | RepeatedPost;

/** Posts one intention at once, or says why not. To be called only while the shard serves at this time; its turns may go on after that. */
export function postNow(
  { market, posts }: Shard,
  command: PostIntention,
  atMs: number,
): Posted | RepeatedPost | Refusal {
  const instrument = market.instrumentBySymbol(command.instrument);
  if (instrument === undefined) return refuse('UNKNOWN_INSTRUMENT');
  const terms = parsePost(instrument, command);
  if ('ok' in terms) return terms;
  const wrong = refuseNoTime(command.validUntil);
  if (wrong !== undefined) return wrong;
  const taken = posts.post(terms, atMs, command.validUntil);
  if (typeof taken !== 'number') return typeof taken === 'string' ? refuse(taken) : taken;
  const id = Math.abs(taken);
  const posted = { id, position: posts.postedPosition(id), instrument, terms };
  return taken > 0 ? posted : new RepeatedPost(posted);
}

/** Posts one after the other; where the shard pauses to rebuild a negotiator, goes on once it serves again. Returns false when it stops. */
export function postAll(
  shard: Shard,
  commands: readonly PostIntention[],
  done: (answers: readonly PostTaken[]) => void,
): boolean {
  if (!shard.admission.isTaking) return false;
  const answers: PostTaken[] = [];
  const go = (): void => {
    const atMs = shard.clock.nowMs();
    while (answers.length < commands.length) {
      if (!shard.isServingAt(atMs)) {
        if (answers.length === 0) shard.admission.whenServing(go);
        else if (!shard.admission.isStopped) shard.admission.whenIdle(go);
        return;
      }
      if (answers.length % PREFETCH_GROUP === 0) prefetch(shard, commands, answers.length);
      const taken = postNow(shard, commands[answers.length] as PostIntention, atMs); // the index is below the length
      if ('ok' in taken || taken instanceof RepeatedPost) {
        answers.push(taken);
      } else if (shard.admission.isServing) {
        answers.push(acknowledge(taken, shard.turns.recorder.outcome));
      } else {
        shard.admission.whenIdle(() => {
          answers.push(acknowledge(taken, shard.turns.recorder.outcome));
          go();
        });
        return;
      }
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
