import { type InstrumentTerms, MAX_DECIMALS, quote } from '../instrument.js';
import type { ListedInstrument } from '../market-directory.js';
import { type Refusal, refuse } from '../refusal.js';
import { PostRefusal, Side } from '../terms.js';
import type { Exposures } from './exposures.js';
import { type Limit, type Limits, secondOf } from './limits.js';

/** What would become open. */
export interface Addition {
  readonly participantId: number;
  readonly instrument: ListedInstrument;
  readonly side: number;
  /** How much more than is open now; not above zero where it is no more. */
  readonly moreLots: number;
  /** Whether it is a new intention, which counts by the second. */
  readonly isPost: boolean;
}

interface Guards {
  readonly limits: Limits;
  readonly exposures: Exposures;
}

/** Which limit forbids it, a PostRefusal; undefined where none does. Whom nothing limits may do everything. */
export function brokenLimit({ limits, exposures }: Guards, wish: Addition, atMs: number): number | undefined {
  const { participantId, instrument, side, moreLots, isPost } = wish;
  const { instrumentId } = instrument;
  const holding = limits.holding(participantId, instrumentId);
  if (holding.some(({ halted }) => halted)) return PostRefusal.Halted;
  if (isPost && holding.some((limit) => isUsedUp(limit, atMs))) return PostRefusal.Rate;
  if (moreLots <= 0) return undefined;
  const open = (which: number): number => exposures.openLots(participantId, instrumentId, which);
  const allOpen = open(Side.Buy) + open(Side.Sell) + moreLots;
  if (holding.some(({ openQuantity }) => allOpen > lotsWithin(instrument, openQuantity)))
    return PostRefusal.OpenQuantity;
  const net = exposures.netLots(participantId, instrumentId);
  const worst = (side === Side.Buy ? net : -net) + open(side) + moreLots;
  if (holding.some(({ netPosition }) => worst > lotsWithin(instrument, netPosition))) return PostRefusal.NetPosition;
  return undefined;
}

function isUsedUp({ intentionsPerSecond, second, postedInSecond }: Limit, atMs: number): boolean {
  return intentionsPerSecond > 0 && second === secondOf(atMs) && postedInSecond >= intentionsPerSecond;
}

/** How many whole lots a decimal quantity holds; Infinity where it is empty. */
export function lotsWithin({ quantityDecimals, lotSize }: InstrumentTerms, quantity: string): number {
  if (quantity === '') return Number.POSITIVE_INFINITY;
  const [whole = '', fraction = ''] = quantity.split('.', 2);
  const units = BigInt(`${whole}${fraction.padEnd(MAX_DECIMALS, '0')}`);
  return Number(units / (BigInt(lotSize) * 10n ** BigInt(MAX_DECIMALS - quantityDecimals)));
}

const LIMIT = /^(0|[1-9][0-9]{0,15})(?:\.([0-9]{1,12}))?$/;

/** Whether it is a limit as it is kept. */
export function isKeptLimit(text: string): boolean {
  return text === '' || parseLimit('', text) === text;
}

/** A limit as it is kept: a plain decimal without needless zeros, empty where there is none. May be zero. */
export function parseLimit(field: string, text: string | undefined): string | Refusal {
  if (text === undefined) return '';
  const match = LIMIT.exec(text);
  if (match === null) return refuse('INVALID_QUANTITY', `${field} ${quote(text)} is not a plain decimal number`);
  const [, whole = '', all = ''] = match;
  const fraction = all.replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
