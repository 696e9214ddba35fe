import type { TurnOutcome } from '../../domain/handshake/turn-outcome.js';
import { refuse } from '../../domain/refusal.js';
import { messageOf } from '../../log/message-of.js';
import type { Answer, IntentionAcknowledged } from '../commands.js';
import { type PostTaken, RepeatedPost } from './post-all.js';
import { readTurns, type WantedTurn } from '../recovery/read-turns.js';
import type { Shard } from '../shard/shard.js';
import { acknowledge, type Posted } from './acknowledge.js';

type Acknowledged = Answer<IntentionAcknowledged>;

/** A turn that is looked up, and which answers it makes. */
interface Repeats extends WantedTurn {
  readonly answers: { readonly index: number; readonly posted: Posted }[];
}

/**
 * Answers what was posted before as it was answered then: by what came of it in its turn, which the log says. `flushed` resolves once all
 * that is recorded is durable. Where the log cannot be read, it says so and stays as it was.
 */
export async function answerRepeats(
  shard: Shard,
  taken: readonly PostTaken[],
  flushed: () => Promise<void>,
): Promise<readonly Acknowledged[]> {
  const wanted = turnsOf(taken);
  const answers = taken as Acknowledged[]; // those that are not are replaced below
  const tell = ({ answers: repeats }: Repeats, outcome: TurnOutcome): void => {
    for (const { index, posted } of repeats) answers[index] = acknowledge(posted, outcome);
  };
  try {
    await flushed();
    await readTurns(shard.posts.log, wanted, tell);
  } catch (error) {
    const detail = `it was posted before; what came of it cannot be read from the log just now: ${messageOf(error)}`;
    answers.forEach((answer, index) => {
      if (answer instanceof RepeatedPost) answers[index] = refuse('SHARD_UNAVAILABLE', detail);
    });
  }
  return answers;
}

/** In the order of the log. */
function turnsOf(taken: readonly PostTaken[]): Repeats[] {
  const turns = new Map<number, Repeats>();
  taken.forEach((answer, index) => {
    if (!(answer instanceof RepeatedPost)) return;
    const { posted } = answer;
    const { id: intentionId, position } = posted;
    const turn = turns.get(intentionId) ?? { intentionId, position, answers: [] };
    turn.answers.push({ index, posted });
    turns.set(intentionId, turn);
  });
  return [...turns.values()].sort((one, other) => one.position - other.position);
}
