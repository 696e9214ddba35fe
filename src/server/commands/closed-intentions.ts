/** What is answered to a command about an intention that has closed: how it ended, which the projections know. */
import type { Share } from '../../../projections/store/desk/protocol.js';
import type { IntentionView } from '../../../projections/store/queries/views.js';
import type { NotNow } from '../../../projections/store/reading/reads.js';
import type { ChangeCommand } from '../../api/command-body.js';
import { type Problem, problem } from '../../api/problem.js';
import type { Answer, IntentionChanged, WithdrawIntention } from '../../exchange/commands.js';
import type { ServerContext } from '../context.js';
import { unavailable } from '../reads/reading.js';

type Reading = Pick<ServerContext, 'reads' | 'stores'>;

type Found = { readonly ok: true; readonly value: readonly IntentionView[] } | NotNow;

/** The intentions that a command may mean, as they stand after all that is durable. */
export async function lookUp({ reads, stores }: Reading, share: Share, command: WithdrawIntention): Promise<Found> {
  const { id, clientIntentionId = '', participant = '', instrument } = command;
  if (id !== undefined) {
    const shards = stores.shardsOf({ intention: id });
    const found = await reads.read({ query: 'intention', values: [id], shards, share });
    return found.ok ? { ok: true, value: found.value === undefined ? [] : [found.value] } : found;
  }
  const shards = stores.shardsOf({ instrument });
  return reads.read({ query: 'intentionOfClientId', values: [participant, clientIntentionId], shards, share });
}

/**
 * Of a withdrawal, how it ended; so of a change that had been done before, at `donePosition`. Of any other change, why it is refused.
 */
export async function answerClosed(
  context: Reading,
  share: Share,
  { verb, command }: ChangeCommand,
  donePosition: number | undefined,
): Promise<Answer<IntentionChanged> | Problem> {
  const found = await lookUp(context, share, command);
  const isDone = verb === 'withdraw' || donePosition !== undefined;
  if (!found.ok) return isDone ? unavailable(found) : problem('INTENTION_CLOSED', UNKNOWN_END);
  const [intention] = found.value;
  if (intention === undefined) return problem('UNKNOWN_INTENTION', 'there is no such intention');
  const { id, status, open, filled, closedReason, closedPosition } = intention;
  if (command.participant !== undefined && command.participant !== intention.participant) {
    return problem('NOT_YOURS', `intention ${id} belongs to another participant`);
  }
  if (command.instrument !== undefined && command.instrument !== intention.instrument) {
    return problem('UNKNOWN_INTENTION', `intention ${id} is not of ${command.instrument}`);
  }
  if (status === 'open' || closedPosition === undefined)
    return problem('UNAVAILABLE', 'it is closing; try again shortly');
  const reason = closedReason === undefined ? {} : { closedReason };
  const position = donePosition ?? closedPosition;
  if (isDone) return { ok: true, id, status, open, filled, ...reason, position };
  const detail = `intention ${id} is ${status}${closedReason === undefined ? '' : ` (${closedReason})`}`;
  return { ...problem('INTENTION_CLOSED', detail), intentionStatus: status };
}

const UNKNOWN_END = 'the intention is filled, withdrawn or expired; the projections cannot say which just now';
