import fc from 'fast-check';
import { MAX_LOTS, MAX_TICKS } from '../../../../../src/domain/terms.js';
import { History } from '../../../../support/history/history.js';

const MINUTE_MS = 60_000;

/** Prices near each other, and some at the ends. */
const price = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 95, max: 105 }) }, fc.constantFrom(1, MAX_TICKS));
const lots = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.constant(MAX_LOTS));
const pair = { instrument: fc.nat({ max: 2 }), seller: fc.nat({ max: 2 }), buyer: fc.nat({ max: 2 }) };

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('deal' as const), ...pair, price, lots, sellerFirst: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('propose' as const, 'accept' as const, 'abort' as const),
      ...pair,
      price,
      lots,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('buy' as const, 'sell' as const), ...pair, price, lots }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('seal' as const, 'restart' as const) }) },
  // A clock goes on by minutes or hours, or runs back.
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: -90, max: 300 }) }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The instruments of every such history: of two decimals, of twelve, of none, and one in which nobody deals. */
export const symbols = ['ACME', 'FINE', 'WHOLE', 'QUIET'] as const;
export const names = ['alice', 'bob', 'carol'] as const;

/** A log in which much is dealt, at times that jump, with promises that are not kept, crashes and withdrawals in between. */
export const dealtHistories: fc.Arbitrary<History> = fc
  .array(step, { minLength: 1, maxLength: 80, size: 'max' })
  .map((steps) => {
    const history = new History();
    const participants = names.map((name) => history.admit(name));
    const instruments = [
      history.list('ACME'),
      history.list('FINE', { priceDecimals: 12, quantityDecimals: 12, tickSize: 3, lotSize: 7 }),
      history.list('WHOLE', { priceDecimals: 0 }),
      history.list('QUIET'),
    ];
    const posted: number[] = [];
    for (const each of steps) take(each, { history, participants, instruments, posted });
    return history;
  });

interface Going {
  readonly history: History;
  readonly participants: readonly number[];
  readonly instruments: readonly number[];
  readonly posted: number[];
}

function take(step: Step, going: Going): void {
  const { history, posted } = going;
  if ('seller' in step) deal(step, going);
  else if (step.kind === 'wait') history.atMs += step.minutes * MINUTE_MS;
  else if (step.kind === 'withdraw') {
    const [id] = posted.splice(step.which % Math.max(1, posted.length), 1);
    if (id !== undefined) history.withdraw(id);
  } else if (step.kind === 'seal') history.seal();
  else history.restart();
}

function deal(step: Extract<Step, { seller: number }>, { history, participants, instruments, posted }: Going): void {
  const [seller = 1, buyer = 1] = [participants[step.seller], participants[step.buyer]];
  const instrument = instruments[step.instrument] ?? 1;
  const sell = (): number => history.post(seller, instrument, 'sell', step.price, step.lots);
  const buy = (): number => history.post(buyer, instrument, 'buy', step.price, step.lots);
  if (step.kind === 'buy') posted.push(buy());
  else if (step.kind === 'sell') posted.push(sell());
  else {
    const isReversed = step.kind === 'deal' && !step.sellerFirst;
    const [first, second] = isReversed ? [buy(), sell()] : [sell(), buy()];
    if (step.kind === 'deal') history.deal(first, second, step.price, step.lots);
    else promise(history, step.kind, { ...step, first, second });
  }
}

interface Promised {
  readonly first: number;
  readonly second: number;
  readonly price: number;
  readonly lots: number;
}

function promise(
  history: History,
  kind: 'propose' | 'accept' | 'abort',
  { first, second, price, lots }: Promised,
): void {
  const deal = history.propose(first, second, price, lots);
  if (kind === 'accept') history.accept(first, deal, lots);
  if (kind !== 'abort') return;
  history.abort(first, deal, 'initiatorDeadline');
  history.settle(first, first, deal, 0);
}
