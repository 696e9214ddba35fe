/**
 * Carries out commands of every kind, however they came: by a route, as a line of a stream, or in a message.
 *
 * 1. A command that names its shard (by an id or an instrument, or where there is one shard alone) has been handed to the exchange when
 *    this returns, so a caller controls the order of its own.
 * 2. Withdrawing what is closed is answered with how it ended, so it may be repeated; so is a change that is known to have been done.
 *    Any other change of it is refused, and says how it ended.
 */
import type { Share } from '../../../projections/store/desk/protocol.js';
import type { ChangeCommand, Command } from '../../api/command-body.js';
import { type Problem, problem } from '../../api/problem.js';
import type {
  AllWithdrawn,
  Answer,
  IntentionAcknowledged,
  IntentionChanged,
  WithdrawAll,
} from '../../exchange/commands.js';
import type { ExchangePort } from '../../exchange/port.js';
import type { SwitchView } from '../../exchange/risk-commands.js';
import type { ServerContext } from '../context.js';
import { asOf, unavailable } from '../reads/reading.js';
import { answerClosed, lookUp } from './closed-intentions.js';

export type CarryingContext = Pick<ServerContext, 'exchange' | 'reads' | 'stores'>;

/** What withdrawing many is answered with. */
interface ManyWithdrawn extends Omit<AllWithdrawn, 'positions' | 'intentions'> {
  readonly intentions: readonly object[];
}

/** What a command is answered with: `answerOf` makes JSON of it. */
export type Carried = Answer<IntentionAcknowledged | IntentionChanged | ManyWithdrawn | SwitchView> | Problem;

/** Never rejects for what a caller can get wrong. `share`: on whose share of the query thread's time what has to be looked up counts. */
export function carryOut(context: CarryingContext, share: Share, command: Command): Promise<Carried> {
  switch (command.verb) {
    case 'post':
      return context.exchange.post(command.command);
    case 'withdrawAll':
      return withdrawAll(context, share, command.command);
    case 'switch':
      return context.exchange.setSwitch(command.command);
    default:
      return change(context, share, command);
  }
}

async function change(context: CarryingContext, share: Share, command: ChangeCommand): Promise<Carried> {
  const { id, instrument } = command.command;
  const isPlaced = id !== undefined || instrument !== undefined || context.stores.shards.length === 1;
  const placed = isPlaced ? command : await place(context, share, command);
  if ('code' in placed) return placed;
  const answer = await perform(context.exchange, placed);
  return answer.ok || answer.code !== 'INTENTION_CLOSED'
    ? answer
    : answerClosed(context, share, placed, answer.donePosition);
}

function perform(exchange: ExchangePort, { verb, command }: ChangeCommand): Promise<Answer<IntentionChanged>> {
  switch (verb) {
    case 'withdraw':
      return exchange.withdraw(command);
    case 'reduce':
      return exchange.reduce(command);
    case 'replace':
      return exchange.replace(command);
  }
}

/** Finds out the id where a client's id does not say in which shard its intention is. */
async function place(context: CarryingContext, share: Share, change: ChangeCommand): Promise<ChangeCommand | Problem> {
  const found = await lookUp(context, share, change.command);
  if (!found.ok) return unavailable(found);
  const [only, ...others] = found.value;
  if (only === undefined) return problem('UNKNOWN_INTENTION', 'there is no intention of this clientIntentionId');
  if (others.length > 0)
    return problem('INVALID_COMMAND', 'several intentions have this clientIntentionId: name the instrument');
  const { clientIntentionId: _known, ...command } = change.command;
  return { verb: change.verb, command: Object.assign({}, command, { id: only.id }) } as ChangeCommand; // the verb's own command, by another name
}

/** What the projections add, the clients' ids, is left out where they cannot tell: what was done is done. */
async function withdrawAll(context: CarryingContext, share: Share, command: WithdrawAll): Promise<Carried> {
  const answer = await context.exchange.withdrawAll(command);
  if (!answer.ok) return answer;
  const { positions, intentions, ...withdrawn } = answer;
  const ids = intentions.map(({ id }) => id);
  const shards = [...positions.keys()].filter((shard) => context.stores.shards.includes(shard));
  const found =
    ids.length === 0 ? undefined : await context.reads.read({ query: 'clientIds', values: [ids], shards, share });
  const known = new Map(found?.ok === true ? found.value : []);
  const told = intentions.map(({ id, filled }) => ({ id, clientIntentionId: known.get(id), filled }));
  const leftOut = answer.withdrawn - told.length;
  return {
    ...{ ...withdrawn, intentions: told },
    ...(leftOut > 0 && { leftOut }),
    ...asOf(context, positions),
  };
}
