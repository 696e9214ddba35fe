import { type AccountView, joinedAccounts } from '../queries/account.js';
import type { Found, FoundIn } from '../queries/found.js';
import { type AccountQuery, MAX_ROWS } from '../queries/query-terms.js';
import { placed } from './deals-of-shards.js';
import type { AccountsQuery } from './sharded-views.js';

/** What of a shard’s store it takes. */
interface Store {
  find<Value>(ask: (queries: { account(query: AccountQuery): AccountView }) => Value): Found<Value>;
}

/** The accounts of several shards as one. Their deals come shard after shard, 1,000 at most in all. */
export function accountOf(
  stores: ReadonlyMap<number, Store>,
  { participant, viewer, after }: AccountsQuery,
  isSharded: boolean,
): FoundIn<AccountView> {
  const heads = new Map<number, number>();
  let left = MAX_ROWS;
  const accounts = [...stores].map(([shard, store]) => {
    const query = { participant, viewer, after: after.get(shard), limit: Math.max(1, left) };
    const { value: account, position } = store.find((queries) => queries.account(query));
    heads.set(shard, position);
    const deals = isSharded ? account.deals.map((deal) => placed(shard, deal)) : account.deals;
    const shown = deals.slice(0, left);
    left -= shown.length;
    return { ...account, deals: shown, moreDeals: account.moreDeals || shown.length < deals.length };
  });
  return { value: joinedAccounts(participant, accounts), heads };
}
