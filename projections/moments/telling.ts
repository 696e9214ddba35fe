/** Explanations and charts, begun at a moment before what they are about instead of at the log’s beginning. */
import { chartJson } from '../handshake/chart-json.js';
import { HandshakeFold } from '../handshake/handshake-fold.js';
import { directoryNames, type Names } from '../handshake/names.js';
import { renderMermaid } from '../handshake/render-mermaid.js';
import { renderSvg } from '../handshake/render-svg.js';
import { renderText } from '../handshake/render-text.js';
import type { StandingFold } from '../handshake/standing-fold.js';
import type { SequenceChart } from '../handshake/chart.js';
import type { ReadModel } from '../model/read-model.js';
import { explained } from '../why/explain.js';
import { withoutCounterparties } from '../why/hidden.js';
import { type ExplanationJson, explanationJson } from '../why/explanation-json.js';
import { explanationText } from '../why/explanation-text.js';
import { WhyFold } from '../why/why-fold.js';
import type { Look, TellingFormat } from './look.js';
import type { Moments } from './moments.js';

type Why = Extract<Look, { kind: 'why' }>;
type Chart = Extract<Look, { kind: 'chart' }>;

/** Up to where, and by when. */
export interface Telling {
  readonly until: number;
  readonly deadlineMs: number;
  /** To be shown with positions, where there are several. */
  readonly shard: number | undefined;
}

/**
 * As JSON an object, otherwise text. Undefined where the intention was not posted before `until`. It begins with the post: whether refusals
 * before it are seen would depend on where checkpoints lie.
 */
export async function tellWhy(
  moments: Moments,
  { intentionId, since, format, isHidden = false }: Omit<Why, 'kind'>,
  telling: Telling,
): Promise<ExplanationJson | string | undefined> {
  const fold = new WhyFold(intentionId);
  const { model, position } = await followed(moments, fold, { ...telling, since }, (seen, at) => {
    return at > since && isOver(seen, intentionId);
  });
  const told = explained(fold, model.directory, position, telling.shard);
  if (told === undefined) return undefined;
  const tellAs = format === 'json' ? explanationJson : explanationText;
  const reasons = told.explanation.reasons.filter(({ kind }) => kind !== 'refused');
  const explanation = { ...told.explanation, reasons };
  return tellAs(isHidden ? withoutCounterparties(explanation) : explanation, told.names);
}

/** So far before its decision a deal’s handshake is looked for first: it is a few events, unless a crash came amid it. */
export const HANDSHAKE_EVENTS = 10_000;

/** As JSON an object, otherwise text. Undefined where there is no such subject before `until`. */
export async function tellChart(
  moments: Moments,
  chart: Omit<Chart, 'kind'>,
  telling: Telling,
): Promise<object | string | undefined> {
  const { since, near = since } = chart;
  const late = Math.max(since, near - HANDSHAKE_EVENTS);
  const drawn = await draw(moments, chart, late, telling);
  const isWhole = late === since || (drawn.chart !== undefined && hasSeenMeeting(drawn.chart, drawn.from));
  const { chart: found, model } = isWhole ? drawn : await draw(moments, chart, since, telling);
  return found && formats[chart.format](found, directoryNames(model.directory, telling.shard));
}

async function draw(moments: Moments, { subject }: Omit<Chart, 'kind'>, since: number, telling: Telling) {
  const fold = new HandshakeFold(subject);
  const { model, from } = await followed(moments, fold, { ...telling, since }, (seen, at) => {
    if ('intentionId' in subject) return at > since && isOver(seen, subject.intentionId);
    const { initiatorId, dealNumber } = subject.deal;
    return fold.hasBegun && seen.openDeals.find(initiatorId, dealNumber) === undefined;
  });
  return { chart: fold.chart(), model, from };
}

/** Whether the two sides of a deal came together after this position, so that all of the handshake was seen. */
function hasSeenMeeting({ rows }: SequenceChart, from: number): boolean {
  return rows.some(
    (row) =>
      row.position >= from && (row.kind === 'auction' || (row.kind === 'message' && row.message === 'announcement')),
  );
}

const formats: Readonly<Record<TellingFormat, (chart: SequenceChart, names: Names) => object | string>> = {
  json: chartJson,
  svg: renderSvg,
  mermaid: renderMermaid,
  text: (chart, names) => renderText(chart, names),
};

/** Folds on to the moment that is asked for, or to the end of the first batch in which nothing more can be said. */
async function followed(
  moments: Moments,
  fold: StandingFold,
  { since, until, deadlineMs }: Telling & { readonly since: number },
  isEnough: (model: ReadModel, position: number) => boolean,
): Promise<{ readonly model: ReadModel; readonly from: number; readonly position: number }> {
  const model = await moments.beginningBefore(Math.min(since, until));
  const from = model.foldedTo;
  fold.begin(model);
  const position = await moments.foldFrom([fold, model], { from, until }, deadlineMs, (at) => isEnough(model, at));
  return { model, from, position };
}

/** Whether the intention, which has been posted, can no longer change, nor any deal of it. */
function isOver({ intentions, openDeals }: ReadModel, intentionId: number): boolean {
  if (intentions.has(intentionId)) return false;
  return ![...openDeals].some(
    ({ initiatorId, responderId }) => initiatorId === intentionId || responderId === intentionId,
  );
}
