import type { Question } from '../store/desk/protocol.js';
import type { QueryName } from '../store/desk/sharded-queries.js';
import { MAX_OPEN_INTENTIONS } from '../store/queries/account.js';
import { limited } from '../store/queries/query-terms.js';
import type { MomentParts } from '../store/queries/store-moment.js';

type Values<Name extends QueryName> = Question<Name>['values'];

type PartsOf = { readonly [Name in QueryName]: (values: Values<Name>, isOnly: boolean) => MomentParts };

/** What of a moment each question needs beside the tables. */
const partsOf: PartsOf = {
  deal: () => ({}),
  deals: () => ({}),
  intention: ([id]) => ({ changing: { id } }),
  intentions: ([query]) => ({ changing: { ...query, limit: limited(query.limit) } }),
  intentionsByClientId: ([participant, clientIntentionId]) => ({ changing: { participant, clientIntentionId } }),
  positions: ([query], isOnly) => ({ positions: isOnly ? query : { ...query, byName: true } }),
  book: ([symbol, depth]) => ({ book: { symbol, depth } }),
  trades: ([{ instrument }]) => ({ tops: { symbol: instrument } }),
  candles: ([{ instrument }]) => ({ tops: { symbol: instrument } }),
  ticker: ([symbol]) => ({ tops: { symbol } }),
  tickers: () => ({ tops: {} }),
  account: ([{ participant }]) => ({
    changing: { participant, status: 'open', limit: MAX_OPEN_INTENTIONS + 1 },
    positions: { participant },
  }),
  doubts: () => ({ doubts: true }),
  // Asked for commands, which have no past.
  intentionOfClientId: () => ({}),
  clientIds: () => ({}),
  // What is listed is shown as it is now.
  instrument: () => ({}),
  instruments: () => ({}),
  // So are switches and limits.
  switches: () => ({}),
  limits: () => ({}),
  // These are about the whole of the log.
  timeline: () => ({}),
  dealsAround: () => ({}),
};

export function partsFor<Name extends QueryName>(query: Name, values: Values<Name>, isOnly: boolean): MomentParts {
  return partsOf[query](values, isOnly);
}
