import { parsePrice, parseQuantity } from '../domain/instrument.js';
import { type Refusal, refuse } from '../domain/refusal.js';
import { Answers } from './answers.js';
import { type Change, changeCommand } from './changes.js';
import type {
  AllWithdrawn,
  Answer,
  AnswerWhen,
  IntentionAcknowledged,
  IntentionChanged,
  PostIntention,
  ReduceIntention,
  ReplaceIntention,
  WithdrawAll,
  WithdrawIntention,
} from './commands.js';
import { postAll, postNow, type PostTaken, RepeatedPost } from './posts/post-all.js';
import { answerRepeats } from './posts/repeated-posts.js';
import type { Shard } from './shard/shard.js';
import { Withdrawing } from './withdraw-all.js';

type Acknowledged = Answer<IntentionAcknowledged>;

/** The commands of those who trade: they post intentions, change and withdraw them. */
export class IntentionCommands {
  protected readonly answers: Answers;

  constructor(protected readonly shard: Shard) {
    this.answers = new Answers(shard);
  }

  async post(command: PostIntention, when: AnswerWhen = 'durable'): Promise<Acknowledged> {
    const [answer] = await this.postAll([command], when);
    return answer ?? refuse('SHARD_UNAVAILABLE');
  }

  /** What was posted before is answered from the log, and so once it is durable, whatever `when` says. */
  async postAll(commands: readonly PostIntention[], when: AnswerWhen = 'durable'): Promise<readonly Acknowledged[]> {
    const refused = (refusal: Refusal): readonly Refusal[] => commands.map(() => refusal);
    const taken = await this.answers.wait<readonly PostTaken[]>(when, refused, (recorded) =>
      postAll(this.shard, commands, recorded),
    );
    if (taken.every((answer) => 'ok' in answer)) return taken;
    return answerRepeats(this.shard, taken, () => this.answers.flushed());
  }

  /**
   * Posts one that stands in another log, in its turn. `starting` runs in the very turn in which its first event could be recorded, so
   * that a note made there that it was taken comes neither too early nor too late. Resolves once its turns have run.
   */
  take(command: PostIntention, starting: () => void): Promise<Answer<{ readonly id: string }>> {
    return this.answers.submit<{ readonly id: string }>((_engine, atMs) => {
      starting();
      const taken = postNow(this.shard, command, atMs);
      if ('ok' in taken) return () => taken;
      const { id } = taken instanceof RepeatedPost ? taken.posted : taken;
      return () => ({ ok: true, id: String(id) });
    }, 'recorded');
  }

  withdraw(command: WithdrawIntention, when?: AnswerWhen, starting?: () => void): Promise<Answer<IntentionChanged>> {
    const withdrawal: Change = (engine, { row }, atMs) => engine.withdraw(row, atMs);
    return this.answers.submit(changeCommand(this.shard, command, withdrawal, starting), when);
  }

  reduce(command: ReduceIntention, when?: AnswerWhen, starting?: () => void): Promise<Answer<IntentionChanged>> {
    const reduction: Change = (engine, { row, instrument }, atMs) => {
      const byLots = parseQuantity(instrument, command.by);
      return typeof byLots === 'number' ? engine.reduce(row, byLots, atMs, command.clientCommandId) : byLots;
    };
    return this.answers.submit(changeCommand(this.shard, command, reduction, starting), when);
  }

  replace(command: ReplaceIntention, when?: AnswerWhen, starting?: () => void): Promise<Answer<IntentionChanged>> {
    const replacement: Change = (engine, { row, instrument }, atMs) => {
      const { price, quantity } = command;
      if (price === undefined && quantity === undefined)
        return refuse('INVALID_COMMAND', 'give price, quantity or both');
      const priceTicks = price === undefined ? undefined : parsePrice(instrument, price);
      if (typeof priceTicks === 'object') return priceTicks;
      const openLots = quantity === undefined ? undefined : parseQuantity(instrument, quantity);
      if (typeof openLots === 'object') return openLots;
      return engine.change(row, { priceTicks, openLots }, atMs, command.clientCommandId);
    };
    return this.answers.submit(changeCommand(this.shard, command, replacement, starting), when);
  }

  /**
   * In turns of at most 1,000 withdrawals, each durable before the next unless `when` says otherwise; those posted after it has begun
   * stay. `ending` runs in the last turn: what breaks off before that is to be done again.
   */
  async withdrawAll(
    command: WithdrawAll,
    when: AnswerWhen = 'durable',
    ending?: () => void,
  ): Promise<Answer<AllWithdrawn>> {
    const withdrawing = new Withdrawing(this.shard, command, ending);
    while (!withdrawing.isOver) {
      const refusal = await this.answers.wait<Refusal | undefined>(
        when,
        (unavailable) => unavailable,
        (recorded) => this.shard.submit(withdrawing.turn, recorded),
      );
      if (refusal !== undefined) return refusal;
    }
    const { withdrawn, told: intentions, position } = withdrawing;
    return { ok: true, withdrawn, intentions, positions: new Map([[this.shard.market.shard, position]]) };
  }
}
