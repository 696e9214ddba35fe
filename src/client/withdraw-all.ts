import { ParleyError } from './error.js';
import { Retries, type RetryOptions } from './retry.js';
import type { IntentionFilter, WithdrawFilter } from './filters.js';
import type { CallOptions, Intention, IntentionChanged, Withdrawal } from './types.js';

const PAGE_ROWS = 1_000;
/** So many withdrawals are under way at a time: they share the log’s syncs. */
const AT_ONCE = 16;

/** What of the client it takes. */
interface Calls {
  intentions(filter: IntentionFilter, options: CallOptions): Promise<readonly Intention[]>;
  intention(id: string, options: CallOptions): Promise<Intention>;
  withdraw(id: string, options: CallOptions): Promise<IntentionChanged>;
}

/** Withdraws what is open, page after page of the list, and tells of each intention in the order of the ids. */
export async function* withdrawAll(
  client: Calls,
  filter: WithdrawFilter,
  { retry, ...options }: CallOptions & { readonly retry: RetryOptions },
): AsyncGenerator<Withdrawal, void, undefined> {
  let after: string | undefined;
  for (;;) {
    const wanted = { ...filter, status: 'open', after, limit: PAGE_ROWS } as const;
    const page = await client.intentions(wanted, options);
    for (let at = 0; at < page.length; at += AT_ONCE) {
      const some = page.slice(at, at + AT_ONCE);
      const ended = await Promise.allSettled(some.map((each) => withdrawOne(client, each, { retry, ...options })));
      for (const one of ended) if (one.status === 'fulfilled') yield one.value;
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    if (page.length < PAGE_ROWS) return;
    after = page.at(-1)?.id;
  }
}

/** Tried again where that may help: an intention that is closed stays so, however often it is withdrawn. */
async function withdrawOne(
  client: Calls,
  intention: Intention,
  { retry, ...options }: CallOptions & { readonly retry: RetryOptions },
): Promise<Withdrawal> {
  const retries = new Retries(retry);
  let isUnanswered = false;
  for (;;) {
    try {
      const changed = await client.withdraw(intention.id, options);
      return { ...intention, ...standing(changed), outcome: 'withdrawn' };
    } catch (error) {
      if (error instanceof ParleyError && error.code === 'INTENTION_CLOSED') {
        const now = await client.intention(intention.id, options);
        // Withdrawn by a try that was not answered, it counts as withdrawn.
        const isOurs = isUnanswered && now.closedReason === 'requested';
        return { ...now, outcome: isOurs ? 'withdrawn' : 'closedMeanwhile' };
      }
      await retries.after(error, options.signal);
      isUnanswered ||= !(error instanceof ParleyError && error.status === 429);
    }
  }
}

function standing({ status, open, filled }: Pick<Intention, 'status' | 'open' | 'filled'>) {
  return { status, open, filled };
}
