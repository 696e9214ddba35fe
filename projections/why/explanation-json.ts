import {
  abortReasonNames,
  declineReasonNames,
  postRefusalNames,
  pricingNames,
  sideNames,
  timeInForceNames,
  withdrawReasonNames,
} from '../../src/domain/terms.js';
import type { Names } from '../handshake/names.js';
import { reasonText, summaryText } from './explanation-text.js';
import type { Explanation, Reason } from './reasons.js';

type Plain = string | number | boolean;

/** An explanation as JSON: decimals and names instead of numbers, and each reason’s sentence beside its facts. */
export interface ExplanationJson {
  readonly intention: string;
  readonly participant: string;
  readonly instrument: string;
  readonly side: string;
  readonly type: string;
  /** Absent for a market intention. */
  readonly price?: string;
  readonly quantity: string;
  readonly timeInForce: string;
  readonly state: string;
  readonly filled: string;
  readonly open: string;
  readonly summary: string;
  readonly reasons: readonly Readonly<Record<string, Plain>>[];
}

export function explanationJson(explanation: Explanation, names: Names): ExplanationJson {
  const { instrumentId, priceTicks } = explanation;
  const quantity = (lots: number): string => names.quantity(instrumentId, lots);
  return {
    intention: String(explanation.intentionId),
    participant: names.participant(explanation.participantId),
    instrument: names.symbol(instrumentId),
    side: sideNames[explanation.side] ?? '',
    type: pricingNames[explanation.pricing] ?? '',
    ...(priceTicks > 0 && { price: names.price(instrumentId, priceTicks) }),
    quantity: quantity(explanation.postedLots),
    timeInForce: timeInForceNames[explanation.timeInForce] ?? '',
    state: explanation.state,
    filled: quantity(explanation.filledLots),
    open: quantity(explanation.openLots),
    summary: summaryText(explanation, names),
    reasons: explanation.reasons.map((reason) => reasonJson(reason, explanation, names)),
  };
}

/** `bestTicks` becomes `bestPrice`, `openLots` becomes `openQuantity`, `otherId` becomes `other`, and reasons get their names. */
function reasonJson(reason: Reason, explanation: Explanation, names: Names): Record<string, Plain> {
  const { instrumentId } = explanation;
  const json: Record<string, Plain> = {
    position: reason.position,
    kind: reason.kind,
    text: reasonText(reason, explanation, names),
  };
  for (const [field, value] of Object.entries(reason) as [string, Plain | undefined][]) {
    if (value === undefined || field in json || (hiddenWhenZero.has(field) && value === 0)) continue;
    if (typeof value !== 'number') json[field] = value;
    else if (field === 'priceTicks') json.price = names.price(instrumentId, value);
    else if (field === 'lots') json.quantity = names.quantity(instrumentId, value);
    else if (field.endsWith('Ticks')) json[`${field.slice(0, -5)}Price`] = names.price(instrumentId, value);
    else if (field.endsWith('Lots')) json[`${field.slice(0, -4)}Quantity`] = names.quantity(instrumentId, value);
    else if (field === 'participantId') json.participant = names.participant(value);
    else if (field.endsWith('Id')) json[field.slice(0, -2)] = String(value);
    else json[field] = namesByField[field]?.[value] ?? value;
  }
  return json;
}

/** Numbers of who is not known, or not told. */
const hiddenWhenZero: ReadonlySet<string> = new Set(['participantId', 'otherId']);

/** What the numbers in a field stand for; in any other they are counts and positions. */
const namesByField: Readonly<Record<string, readonly string[]>> = {
  code: postRefusalNames,
  abortReason: abortReasonNames,
  declineReason: declineReasonNames,
  withdrawReason: withdrawReasonNames,
};
