/** Intentions, deals, positions and promises of a file as of any moment. */
import { sideNames } from '../../../domain/terms.js';
import type { ReadModel } from '../../../../projections/model/read-model.js';
import { changingOf, doubtsOf, intentionViewOf, positionsOf } from '../../../../projections/model/views.js';
import { counted, limited, numberOf } from '../../../../projections/store/queries/query-terms.js';
import { abortedDealFromRow, type IntentionView } from '../../../../projections/store/queries/views.js';
import { statusNames } from '../../../../projections/store/database/status.js';
import { dealView } from '../../../../projections/tape/views.js';
import type { DealFilter, IntentionFilter } from '../../../client/filters.js';
import type { AbortedDeal, Deal, Intention } from '../../../client/types.js';
import { ParleyError } from '../../../client/wire/error.js';
import type { Source } from '../../source/source.js';
import type { LogFile } from './log-file.js';

type AffairViews = Pick<Source, 'intention' | 'intentions' | 'deal' | 'deals' | 'positions' | 'doubts'>;

export function affairViews(file: LogFile): AffairViews {
  return {
    intention: async (id, asked) => intentionAt(file, await file.modelAt(asked), id),
    intentions: async ({ at, atTime, ...filter }) => intentionsAt(file, await file.modelAt({ at, atTime }), filter),
    deal: async (id, asked) => dealAt(file, await file.modelAt(asked), id),
    deals: async ({ at, atTime, ...filter }) => dealsAt(file, await file.modelAt({ at, atTime }), filter),
    positions: async ({ at, atTime, participant, after, limit }) => {
      const model = await file.modelAt({ at, atTime });
      return positionsOf(model, { participant, after, limit: limited(limit) });
    },
    doubts: async (asked) => doubtsOf(await file.modelAt(asked)),
  };
}

/** As it was before the model’s moment. Throws ParleyError for one that had not been posted then. */
export function intentionAt(file: LogFile, model: ReadModel, id: string): Intention {
  const number = numberOf(id);
  const open = number === undefined ? undefined : model.intentions.get(number);
  if (open !== undefined) return intentionViewOf(model, open);
  const row = number === undefined ? undefined : file.end.closed.find(number);
  if (row !== undefined && isOver(file, model, row)) return closedView(file, row);
  throw new ParleyError(404, 'UNKNOWN_INTENTION', `there is no intention ${JSON.stringify(id)}`);
}

function isOver({ end: { closed } }: LogFile, { foldedTo }: ReadModel, row: number): boolean {
  return closed.columns.get('overPosition', row) < foldedTo;
}

function closedView({ end }: LogFile, row: number): IntentionView {
  return intentionViewOf(end, end.closed.at(row));
}

function intentionsAt(file: LogFile, model: ReadModel, filter: IntentionFilter): readonly Intention[] {
  const limit = limited(filter.limit);
  const changing = changingOf(model, { ...filter, limit }).rows;
  const closed = filter.status === 'open' ? [] : closedOf(file, model, filter);
  return [...changing, ...closed].sort((one, other) => Number(one.id) - Number(other.id)).slice(0, limit);
}

function closedOf(file: LogFile, model: ReadModel, filter: IntentionFilter): readonly IntentionView[] {
  const { closed } = file.end;
  const limit = limited(filter.limit);
  const after = filter.after === undefined ? -1 : (numberOf(filter.after) ?? -1);
  const isWanted = wanted(model, filter);
  const rows: IntentionView[] = [];
  for (const row of closed.rowsFrom(after + 1)) {
    if (rows.length === limit) break;
    if (!isOver(file, model, row) || !isWanted((name) => closed.columns.get(name, row))) continue;
    if (filter.clientIntentionId !== undefined && closed.clientId(row) !== filter.clientIntentionId) continue;
    rows.push(closedView(file, row));
  }
  return rows;
}

type Term = 'participantId' | 'instrumentId' | 'side' | 'status';

/** Whom no name means. */
const NOBODY = -1;

function wanted(
  { directory }: ReadModel,
  { participant, instrument, side, status }: IntentionFilter,
): (get: (name: Term) => number) => boolean {
  const terms: [Term, number][] = [];
  if (participant !== undefined) terms.push(['participantId', directory.participantId(participant) ?? NOBODY]);
  if (instrument !== undefined) {
    terms.push(['instrumentId', directory.instrumentBySymbol(instrument)?.instrumentId ?? NOBODY]);
  }
  if (side !== undefined) terms.push(['side', sideNames.indexOf(side)]);
  if (status !== undefined) terms.push(['status', statusNames.indexOf(status)]);
  return (get) => terms.every(([name, value]) => get(name) === value);
}

function dealAt({ end: { deals, abortedDeals } }: LogFile, model: ReadModel, id: string): Deal | AbortedDeal {
  const [initiatorId, dealNumber] = id.split('-').map(Number);
  for (const [table, show] of [
    [deals, (row: number) => dealView(model.directory, deals.at(row))],
    [abortedDeals, (row: number) => abortedView(abortedDeals.at(row))],
  ] as const) {
    for (let row = table.firstFrom('position', model.foldedTo) - 1; row >= 0; row--) {
      if (table.get('initiatorId', row) !== initiatorId || table.get('dealNumber', row) !== dealNumber) continue;
      const deal = show(row);
      // An id is written in one way only.
      if (deal.id === id) return deal;
    }
  }
  throw new ParleyError(404, 'UNKNOWN_DEAL', `there is no deal ${JSON.stringify(id)}`);
}

type AbortedColumn = 'position' | 'atMs' | 'initiatorId' | 'dealNumber' | 'responderId' | 'reason';

function abortedView(deal: Readonly<Record<AbortedColumn, number>>): AbortedDeal {
  const { position, initiatorId, dealNumber, responderId, reason, atMs } = deal;
  return abortedDealFromRow([position, initiatorId, dealNumber, responderId, reason, atMs]);
}

function dealsAt({ end: { deals } }: LogFile, model: ReadModel, filter: DealFilter): readonly Deal[] {
  const { after, before = Number.POSITIVE_INFINITY } = filter;
  const limit = limited(filter.limit);
  const first = after === undefined ? 0 : deals.firstFrom('position', counted('after', after) + 1);
  const last = deals.firstFrom('position', Math.min(before, model.foldedTo));
  const isWanted = wantedDeal(model, filter, (name, row) => deals.get(name, row));
  const rows: number[] = [];
  const step = after === undefined ? -1 : 1;
  for (let row = step < 0 ? last - 1 : first; row >= first && row < last && rows.length < limit; row += step) {
    if (isWanted(row)) rows.push(row);
  }
  if (step < 0) rows.reverse();
  return rows.map((row) => dealView(model.directory, deals.at(row)));
}

type DealTerm = 'initiatorParticipantId' | 'responderParticipantId' | 'initiatorId' | 'responderId' | 'instrumentId';

function wantedDeal(
  { directory }: ReadModel,
  { participant, instrument, intention }: DealFilter,
  get: (name: DealTerm, row: number) => number,
): (row: number) => boolean {
  const terms: ((row: number) => boolean)[] = [];
  const either = (one: DealTerm, other: DealTerm, value: number): void => {
    terms.push((row) => get(one, row) === value || get(other, row) === value);
  };
  if (participant !== undefined) {
    const participantId = directory.participantId(participant) ?? NOBODY;
    either('initiatorParticipantId', 'responderParticipantId', participantId);
  }
  if (intention !== undefined) either('initiatorId', 'responderId', numberOf(intention) ?? NOBODY);
  if (instrument !== undefined) {
    const instrumentId = directory.instrumentBySymbol(instrument)?.instrumentId ?? NOBODY;
    terms.push((row) => get('instrumentId', row) === instrumentId);
  }
  return (row) => terms.every((holds) => holds(row));
}
