import type { TurnOutcome } from '../../domain/handshake/turn-outcome.js';
import { Index } from '../../domain/ids.js';
import { formatPrice, formatQuantity, formatUnits } from '../../domain/instrument.js';
import type { ListedInstrument } from '../../domain/market-directory.js';
import type { PostTerms } from '../../domain/post-terms.js';
import { Pricing, pricingNames, sideNames, timeInForceNames, withdrawReasonNames } from '../../domain/terms.js';
import type { DealtAtOnce, IntentionAcknowledged } from '../commands.js';
import { nameOf } from '../views.js';

/** What is answered of a post: the post itself, its place in the log, and what came of it in its own turn. The same whenever it is given. */
export interface Posted {
  readonly id: number;
  /** Of its IntentionPosted. */
  readonly position: number;
  readonly instrument: ListedInstrument;
  readonly terms: PostTerms;
}

type Unfinished = { readonly ok: true } & {
  -readonly [Field in keyof IntentionAcknowledged]: IntentionAcknowledged[Field];
};

/**
 * The answer to a post. One is made for every post there is, so it is a literal to which the rare is added: made by spreading, it would cost
 * more than all the rest of a post.
 */
export function acknowledge(
  { id, position, instrument, terms }: Posted,
  outcome: TurnOutcome,
): { readonly ok: true } & IntentionAcknowledged {
  const { clientIntentionId, participant, postOnly, quantityLots, expiresAtMs } = terms;
  const { filledLots, closedReason, deals, kept } = outcome;
  const isWithdrawn = closedReason !== Index.None;
  const quantity = formatQuantity(instrument, quantityLots);
  const answer: Unfinished = {
    ok: true,
    id: String(id),
    clientIntentionId,
    participant,
    instrument: instrument.symbol,
    side: nameOf(sideNames, terms.side),
    type: nameOf(pricingNames, terms.pricing),
    quantity,
    timeInForce: nameOf(timeInForceNames, terms.timeInForce),
    postOnly,
    position,
    status: filledLots >= quantityLots ? 'filled' : isWithdrawn ? 'withdrawn' : 'open',
    filled: filledLots === 0 ? zeroOf(instrument) : formatQuantity(instrument, filledLots),
    open: isWithdrawn ? zeroOf(instrument) : openOf(instrument, terms, filledLots, quantity),
    deals: deals === 0 ? NO_DEALS : dealsOf(instrument, outcome),
  };
  if (terms.pricing === Pricing.Limit) answer.price = formatPrice(instrument, terms.priceTicks);
  if (filledLots > 0) answer.averagePrice = averagePrice(instrument, outcome);
  if (expiresAtMs !== 0) answer.expiresAt = new Date(expiresAtMs).toISOString();
  if (isWithdrawn) answer.closedReason = nameOf(withdrawReasonNames, closedReason);
  if (deals > kept) answer.dealsLeftOut = deals - kept;
  return answer;
}

const NO_DEALS: readonly DealtAtOnce[] = [];
/** By the decimals that quantities are shown with. */
const zeros: string[] = [];

function zeroOf({ quantityDecimals }: ListedInstrument): string {
  return (zeros[quantityDecimals] ??= formatUnits(0, quantityDecimals));
}

function openOf(
  instrument: ListedInstrument,
  { quantityLots }: PostTerms,
  filledLots: number,
  quantity: string,
): string {
  return filledLots === 0 ? quantity : formatQuantity(instrument, quantityLots - filledLots);
}

function dealsOf(instrument: ListedInstrument, outcome: TurnOutcome): DealtAtOnce[] {
  const told: DealtAtOnce[] = [];
  for (let index = 0; index < outcome.kept; index++) {
    const { initiatorId, dealNumber, priceTicks, lots, position } = outcome.deal(index);
    told.push({
      id: `${initiatorId}-${dealNumber}`,
      price: formatPrice(instrument, priceTicks),
      quantity: formatQuantity(instrument, lots),
      position,
    });
  }
  return told;
}

/** Decimals that an average price has at most beyond those of a price. */
const MORE_DECIMALS = 6;

/** What was paid for one unit, rounded half up; zeros at the end are left out as far as the decimals that every price has. */
function averagePrice(instrument: ListedInstrument, outcome: TurnOutcome): string {
  if (outcome.deals === 1) return formatPrice(instrument, outcome.deal(0).priceTicks);
  const lots = BigInt(outcome.filledLots);
  const { priceDecimals, tickSize } = instrument;
  const paid = outcome.paid * BigInt(tickSize) * 10n ** BigInt(MORE_DECIMALS);
  const text = formatUnits((2n * paid + lots) / (2n * lots), priceDecimals + MORE_DECIMALS);
  const shortest = text.length - MORE_DECIMALS;
  let end = text.length;
  while (end > shortest && text[end - 1] === '0') end--;
  return text.slice(0, text[end - 1] === '.' ? end - 1 : end);
}
