import type { IntentionFilter, WithdrawFilter } from '../filters.js';
import type { CallOptions, CommandOptions, Intention, IntentionChanged, Withdrawal } from '../types.js';

const PAGE_ROWS = 1_000;
/** So many withdrawals are under way at a time: they share the log’s syncs. */
const AT_ONCE = 16;

/** What of the client it takes. */
interface Calls {
  intentions(filter: IntentionFilter, options: CallOptions): Promise<readonly Intention[]>;
  /** Tried again where that may help: an intention that is closed stays so, however often it is withdrawn. */
  withdraw(id: string, options: CommandOptions): Promise<IntentionChanged>;
}

/** Withdraws what is open, page after page of the list, and tells of each intention in the order of the ids. */
export async function* withdrawAll(
  client: Calls,
  filter: WithdrawFilter,
  options: CommandOptions,
): AsyncGenerator<Withdrawal, void, undefined> {
  let after: string | undefined;
  for (;;) {
    const wanted = { ...filter, status: 'open', after, limit: PAGE_ROWS } as const;
    const page = await client.intentions(wanted, options);
    for (let at = 0; at < page.length; at += AT_ONCE) {
      const some = page.slice(at, at + AT_ONCE);
      const ended = await Promise.allSettled(some.map((each) => withdrawOne(client, each, options)));
      for (const one of ended) if (one.status === 'fulfilled') yield one.value;
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    if (page.length < PAGE_ROWS) return;
    after = page.at(-1)?.id;
  }
}

/** Withdrawn by a try that was not answered, or by the participant otherwise, it counts as withdrawn: nobody could tell them apart. */
async function withdrawOne(client: Calls, intention: Intention, options: CommandOptions): Promise<Withdrawal> {
  const { status, open, filled, closedReason } = await client.withdraw(intention.id, options);
  const reason = closedReason === undefined ? {} : { closedReason };
  const outcome = closedReason === 'requested' ? 'withdrawn' : 'closedMeanwhile';
  return { ...intention, status, open, filled, ...reason, outcome };
}
