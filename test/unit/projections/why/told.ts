import { explain } from '../../../../projections/why/explain.js';
import { explanationJson, type ExplanationJson } from '../../../../projections/why/explanation-json.js';
import { explanationText } from '../../../../projections/why/explanation-text.js';
import type { Explanation, Reason } from '../../../../projections/why/reasons.js';
import { logOf } from '../../../support/history/history-log.js';
import { History } from '../../../support/history/history.js';

/** alice buys and bob sells ACME; carol is there for both. */
export class Market extends History {
  readonly alice = this.admit('alice');
  readonly bob = this.admit('bob');
  readonly carol = this.admit('carol');
  readonly acme = this.list('ACME');

  buy(priceTicks: number | undefined, lots: number, more: Parameters<History['post']>[5] = {}): number {
    return this.post(this.alice, this.acme, 'buy', priceTicks, lots, more);
  }

  sell(priceTicks: number | undefined, lots: number, more: Parameters<History['post']>[5] = {}): number {
    return this.post(this.bob, this.acme, 'sell', priceTicks, lots, more);
  }

  /** Somebody else's buy intention. */
  rival(priceTicks: number, lots: number): number {
    return this.post(this.carol, this.acme, 'buy', priceTicks, lots);
  }
}

interface Told {
  readonly explanation: Explanation;
  readonly text: string;
  readonly json: ExplanationJson;
  /** The sentence of the first reason of that kind. */
  readonly sentence: (kind: Reason['kind']) => string | undefined;
  readonly kinds: readonly string[];
}

export async function told(history: History, intentionId: number, until = history.head): Promise<Told> {
  const read = await explain(logOf(history), intentionId, { until });
  if (read === undefined) throw new Error(`the log knows no intention ${intentionId}`);
  const { explanation, names } = read;
  const json = explanationJson(explanation, names);
  const sentence = (kind: string): string | undefined => {
    const found = json.reasons.find((reason) => reason.kind === kind)?.text;
    return found === undefined ? undefined : String(found);
  };
  const kinds = explanation.reasons.map((reason) => reason.kind);
  return { explanation, text: explanationText(explanation, names), json, sentence, kinds };
}
