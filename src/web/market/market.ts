import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Ticker, Trade } from '../../client/market/market-types.js';
import type { Instrument, Intention } from '../../client/types.js';
import type { InstrumentTerms } from '../../domain/instrument.js';
import { isLive, source } from '../app/moment.js';
import { caller, may } from '../app/session.js';
import type { Ladder } from './book/ladder-rows.js';
import type { TradeFlow } from './tape/trade-flow.js';

/** What the parts of one instrument’s view share: each writes what it looks after, and reads what it needs of the others. */
export interface Market {
  readonly symbol: string;
  /** Its terms as they are listed; they do not change with the moment. */
  readonly instrument: Signal<Instrument | undefined>;
  readonly terms: Signal<InstrumentTerms | undefined>;
  readonly ladder: Signal<Ladder | undefined>;
  readonly ticker: Signal<Ticker | undefined>;
  /** Newest first. */
  readonly trades: Signal<readonly Trade[] | undefined>;
  /** While the page is live. */
  readonly flow: Signal<TradeFlow | undefined>;
  /** Why the trades cannot be followed, should it be so. */
  readonly flowFailure: Signal<unknown>;
  /** Open intentions of whom one looks at; undefined while they are not known, or of nobody. */
  readonly own: Signal<readonly Intention[] | undefined>;
  /** A price that was chosen in the ladder; each choice is another object. */
  readonly picked: Signal<{ readonly price: string } | undefined>;
}

export function marketOf(symbol: string): Market {
  return {
    symbol,
    instrument: signal(undefined),
    terms: signal(undefined),
    ladder: signal(undefined),
    ticker: signal(undefined),
    trades: signal(undefined),
    flow: signal(undefined),
    flowFailure: signal(undefined),
    own: signal(undefined),
    picked: signal(undefined),
  };
}

/** Whether what is shown comes by streams: live, from a server. */
export const isStreaming: ReadonlySignal<boolean> = computed(() => isLive.value && source.value.kind === 'server');

/** Whether something can be changed here and now. */
export const mayAct: ReadonlySignal<boolean> = computed(() => may.trade.value && isStreaming.value);

const KEPT_AS = 'parley-participant';

/** Whoever comes to an exchange without keys, and has not said who they are. */
const VISITOR = 'visitor';

/** For whom an operator acts, at whom an auditor looks; kept for this tab. */
export const chosen = signal(sessionStorage.getItem(KEPT_AS) ?? '');
effect(() => {
  if (caller.value?.keys === false && sessionStorage.getItem(KEPT_AS) === null) chosen.value = VISITOR;
});
chosen.subscribe((name) => {
  if (name !== '' || sessionStorage.getItem(KEPT_AS) !== null) sessionStorage.setItem(KEPT_AS, name);
});

/** Whether one may look at anybody, and so has to say at whom. */
export const mustChoose: ReadonlySignal<boolean> = may.seeAll;

/** Whose intentions are one’s own here; undefined: nobody’s. */
export const participant: ReadonlySignal<string | undefined> = computed(() => {
  if (mustChoose.value || source.value.kind === 'file') return chosen.value.trim() || undefined;
  return caller.value?.participant;
});
