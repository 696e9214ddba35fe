import { mergedPositions } from '../../ledger/merged-positions.js';
import type { PositionView } from '../../ledger/postings.js';
import type { DealView } from '../../tape/views.js';
import {
  type AccountQuery,
  type DealsQuery,
  type IntentionsQuery,
  limited,
  MAX_ROWS,
  type PositionsQuery,
} from './query-terms.js';
import { type LimitsView, mergedLimits, mergedSwitches, type SwitchView } from './risk-views.js';
import type { IntentionView } from './views.js';

/** No account shows more open intentions than this. */
export const MAX_OPEN_INTENTIONS = 50_000;

/** A participant's affairs, all at one position. */
export interface AccountView {
  readonly participant: string;
  /** Those that are open, in the order of their ids. */
  readonly intentions: readonly IntentionView[];
  readonly positions: readonly PositionView[];
  /** The first ones after the position that was asked for; none where none was. */
  readonly deals: readonly DealView[];
  /** Whether there are more of them. */
  readonly moreDeals: boolean;
  /** Only where more intentions are open than are shown: these are the first. */
  readonly moreIntentions?: true;
  /** Its dead man’s switch, where one is set. */
  readonly switch?: Omit<SwitchView, 'participant'>;
  /** What an operator lets it do; absent where nothing is limited. */
  readonly limits?: readonly LimitsView[];
}

/** What of a store’s questions it takes. */
interface Asked {
  deals(query: DealsQuery): readonly DealView[];
  intentions(query: IntentionsQuery): readonly IntentionView[];
  positions(query: PositionsQuery): readonly PositionView[];
  switches(participant: string): readonly SwitchView[];
  limits(query: { readonly participant: string }): readonly LimitsView[];
}

/** To be asked within one look at the store, so that all of it stands at one position. */
export function accountIn(queries: Asked, { participant, after, limit, viewer }: AccountQuery): AccountView {
  const intentions = pages<IntentionView>(MAX_OPEN_INTENTIONS + 1, (last) =>
    queries.intentions({ participant, status: 'open', after: last?.id, limit: MAX_ROWS }),
  );
  const positions = pages<PositionView>(Number.POSITIVE_INFINITY, (last) =>
    queries.positions({ participant, after: last, limit: MAX_ROWS }),
  );
  const most = limited(limit ?? MAX_ROWS);
  const deals = after === undefined ? [] : queries.deals({ participant, after, limit: most, viewer });
  const moreDeals = deals.length === most && hasMore(queries, participant, deals);
  return {
    ...{ participant, intentions: intentions.slice(0, MAX_OPEN_INTENTIONS), positions, deals, moreDeals },
    ...(intentions.length > MAX_OPEN_INTENTIONS && { moreIntentions: true }),
    ...riskOf(queries.switches(participant), queries.limits({ participant })),
  };
}

/** What is not set is left out. */
export function riskOf(
  [found]: readonly SwitchView[],
  limits: readonly LimitsView[],
): Pick<AccountView, 'switch' | 'limits'> {
  return {
    ...(found !== undefined && { switch: { withinMs: found.withinMs, lapsesAt: found.lapsesAt } }),
    ...(limits.length > 0 && { limits }),
  };
}

/** Of several shards, in ascending order, as one. */
export function joinedAccounts(participant: string, accounts: readonly AccountView[]): AccountView {
  const [only] = accounts;
  if (only !== undefined && accounts.length === 1) return only;
  const intentions = accounts.flatMap((account) => account.intentions);
  const isCut = intentions.length > MAX_OPEN_INTENTIONS || accounts.some((account) => account.moreIntentions);
  return {
    participant,
    intentions: intentions.slice(0, MAX_OPEN_INTENTIONS),
    positions: mergedPositions(accounts.map((account) => account.positions)),
    deals: accounts.flatMap((account) => account.deals),
    moreDeals: accounts.some((account) => account.moreDeals),
    ...(isCut && { moreIntentions: true }),
    ...riskOf(
      mergedSwitches(accounts.map(({ switch: own }) => (own === undefined ? [] : [{ participant, ...own }]))),
      mergedLimits(accounts.map(({ limits = [] }) => limits)),
    ),
  };
}

function hasMore(queries: Asked, participant: string, deals: readonly DealView[]): boolean {
  return queries.deals({ participant, after: deals.at(-1)?.position, limit: 1 }).length > 0;
}

/** All rows, page after page, and no more than `most`. */
function pages<Row>(most: number, page: (last: Row | undefined) => readonly Row[]): readonly Row[] {
  const rows: Row[] = [];
  for (;;) {
    const more = page(rows.at(-1));
    rows.push(...more);
    if (more.length < MAX_ROWS || rows.length >= most) return rows.slice(0, most);
  }
}
