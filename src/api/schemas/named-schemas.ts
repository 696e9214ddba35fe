/** Bodies and answers, by the names that they have in the OpenAPI document, where clients that are made from it take the names of types. */
import { candlesSchema, tickersSchema, tradesSchema } from './market-schemas.js';
import { accountSchema, doubtsSchema } from './own-schemas.js';
import { limitsListSchema, limitsSchema, limitsSetSchema, switchSchema, switchSetSchema } from './risk-schemas.js';
import {
  bookSchema,
  changeIntentionSchema,
  changePhaseSchema,
  clusterSchema,
  instrumentSchema,
  instrumentsSchema,
  listInstrumentSchema,
  listOf,
  postIntentionSchema,
  views,
} from './schemas.js';
import { chartSchema, whySchema } from './telling-schemas.js';
import { callerSchema, momentSchema, timelineSchema } from './timeline-schemas.js';

export const intentionsSchema = listOf('intentions', 'Intention');
export const dealsSchema = listOf('deals', 'Deal');
export const positionsSchema = listOf('positions', 'Position');

export const namedSchemas: Readonly<Record<string, object>> = {
  PostIntention: postIntentionSchema,
  ChangeIntention: changeIntentionSchema,
  ListInstrument: listInstrumentSchema,
  ChangePhase: changePhaseSchema,
  SetSwitch: switchSchema,
  SetLimits: limitsSchema,
  ...views,
  Intentions: intentionsSchema,
  Deals: dealsSchema,
  Positions: positionsSchema,
  ListedInstrument: instrumentSchema,
  Instruments: instrumentsSchema,
  Book: bookSchema,
  Trades: tradesSchema,
  Tickers: tickersSchema,
  Candles: candlesSchema,
  Account: accountSchema,
  Doubts: doubtsSchema,
  Switch: switchSetSchema,
  LimitsSet: limitsSetSchema,
  LimitsList: limitsListSchema,
  Why: whySchema,
  Chart: chartSchema,
  Cluster: clusterSchema,
  Timeline: timelineSchema,
  Moment: momentSchema,
  Caller: callerSchema,
};

const names: ReadonlyMap<unknown, string> = new Map(
  Object.entries(namedSchemas).map(([name, schema]): [unknown, string] => [schema, name]),
);

/** The name of this very schema, not of one like it; undefined where it has none. */
export function nameOfSchema(schema: unknown): string | undefined {
  return names.get(schema);
}
