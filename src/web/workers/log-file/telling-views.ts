/** Why, and charts, of a file as of any moment. */
import type { DealId } from '../../../../projections/ledger/deal-name.js';
import type { TellingFormat } from '../../../../projections/moments/look.js';
import { type Telling, tellChart, tellWhy } from '../../../../projections/moments/telling.js';
import type { Moments } from '../../../../projections/moments/moments.js';
import { numberOf } from '../../../../projections/store/queries/query-terms.js';
import { ParleyError } from '../../../client/wire/error.js';
import type { Asked, Chart, Source, Why } from '../../source/source.js';
import type { LogFile } from './log-file.js';

type TellingViews = Pick<Source, 'why' | 'intentionChart' | 'dealChart' | 'chartAs'>;

export function tellingViews(file: LogFile): TellingViews {
  return {
    why: async (id, asked) => {
      const { intentionId, since } = placeOf(file, id, unknownIntention(id));
      return told<Why>(file, asked, unknownIntention(id), (moments, telling) =>
        tellWhy(moments, { intentionId, since, format: 'json' }, telling),
      );
    },
    intentionChart: async (id, asked) => told<Chart>(file, asked, ...intentionChart(file, id, 'json')),
    dealChart: async (id, asked) => told<Chart>(file, asked, ...dealChart(file, id, 'json')),
    chartAs: async (subject, format, asked) => {
      const chart = subject.includes('-') ? dealChart : intentionChart;
      const [unknown, tell] = chart(file, subject, format);
      const { told: text } = await file.telling(asked, tell);
      if (typeof text !== 'string') throw unknown;
      return text;
    },
  };
}

type Tell = (moments: Moments, telling: Telling) => Promise<object | string | undefined>;

/** What is thrown where there is no such thing, and how it is told. */
type Told = readonly [unknown: ParleyError, tell: Tell];

function intentionChart(file: LogFile, id: string, format: TellingFormat): Told {
  const unknown = unknownIntention(id);
  const { intentionId, since } = placeOf(file, id, unknown);
  return [unknown, (moments, telling) => tellChart(moments, { subject: { intentionId }, since, format }, telling)];
}

function dealChart(file: LogFile, id: string, format: TellingFormat): Told {
  const unknown = new ParleyError(404, 'UNKNOWN_DEAL', `there is no deal ${JSON.stringify(id)}`);
  const [initiator = '', number = ''] = id.split('-', 2);
  const { intentionId: initiatorId, since } = placeOf(file, initiator, unknown);
  const dealNumber = numberOf(number);
  if (dealNumber === undefined) throw unknown;
  const deal = { initiatorId, dealNumber };
  return [
    unknown,
    (moments, telling) => {
      const near = decisionOf(file, deal, telling.until);
      return tellChart(moments, { subject: { deal }, since, near, format }, telling);
    },
  ];
}

function unknownIntention(id: string): ParleyError {
  return new ParleyError(404, 'UNKNOWN_INTENTION', `there is no intention ${JSON.stringify(id)}`);
}

/** Where an intention was posted. */
function placeOf(
  { end }: LogFile,
  id: string,
  unknown: ParleyError,
): { readonly intentionId: number; readonly since: number } {
  const intentionId = numberOf(id);
  if (intentionId === undefined) throw unknown;
  const row = end.closed.find(intentionId);
  const since =
    end.intentions.get(intentionId)?.postedPosition ??
    (row === undefined ? undefined : end.closed.columns.get('postedPosition', row));
  if (since === undefined) throw unknown;
  return { intentionId, since };
}

/** Where a deal was decided, if it was before a position. */
function decisionOf(
  { end: { deals, abortedDeals } }: LogFile,
  { initiatorId, dealNumber }: DealId,
  until: number,
): number | undefined {
  for (const table of [deals, abortedDeals] as const) {
    for (let row = table.firstFrom('position', until) - 1; row >= 0; row--) {
      if (table.get('initiatorId', row) === initiatorId && table.get('dealNumber', row) === dealNumber)
        return table.get('position', row);
    }
  }
  return undefined;
}

/** As JSON, with the position as of which it stands. */
async function told<Json extends Why | Chart>(
  file: LogFile,
  asked: Asked,
  unknown: ParleyError,
  tell: Tell,
): Promise<Json> {
  const { told: json, until: position } = await file.telling(asked, tell);
  if (json === undefined) throw unknown;
  return { ...(json as Json), position }; // it was asked for as JSON, which is of this shape but for its position
}
