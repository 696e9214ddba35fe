import type { Phase, PostIntention, Side, TimeInForce } from '../../../client/types.js';
import type { InstrumentTerms } from '../../../domain/instrument.js';
import { readPrice, readQuantity } from './terms.js';

/** A post as it stands in the form. */
export interface Draft {
  /** Empty where the key says whose it is. */
  readonly participant: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  readonly price: string;
  readonly quantity: string;
  readonly timeInForce: TimeInForce;
  /** As an input of a date and time gives it: `2026-11-29T18:30`, in this machine’s zone. */
  readonly expiresAt: string;
  readonly isPostOnly: boolean;
}

export type DraftField = 'participant' | 'price' | 'quantity' | 'timeInForce' | 'expiresAt';

export type Checked =
  | { readonly post: Omit<PostIntention, 'clientIntentionId'> }
  | { readonly errors: Readonly<Partial<Record<DraftField, string>>> };

export interface CheckedAgainst {
  readonly terms: InstrumentTerms;
  readonly phase: Phase;
  /** Whether somebody must be named to act for. */
  readonly mustName: boolean;
  readonly nowMs: number;
}

const PARTICIPANT = /^[A-Za-z0-9._@-]{1,32}$/;

/** The post that a draft means, or what is wrong with it as far as that can be told here; the exchange has the last word. */
export function checkDraft(draft: Draft, against: CheckedAgainst): Checked {
  const { terms, mustName } = against;
  const isLimit = draft.type === 'limit';
  const price = isLimit ? readPrice(terms, draft.price) : undefined;
  const quantity = readQuantity(terms, draft.quantity);
  const participant = draft.participant.trim();
  const whose = mustName ? whyNobody(participant) : undefined;
  const validity = whyNotInForce(draft, against.phase);
  const expires = isLimit && draft.timeInForce === 'gtd' ? expiryOf(draft.expiresAt, against.nowMs) : undefined;
  const errors = {
    ...(whose === undefined ? {} : { participant: whose }),
    ...(price !== undefined && 'error' in price ? { price: price.error } : {}),
    ...('error' in quantity ? { quantity: quantity.error } : {}),
    ...(validity === undefined ? {} : { timeInForce: validity }),
    ...(expires !== undefined && 'error' in expires ? { expiresAt: expires.error } : {}),
  };
  if ('error' in quantity || Object.keys(errors).length > 0) return { errors };
  return {
    post: {
      ...(mustName ? { participant } : {}),
      instrument: terms.symbol,
      ...{ side: draft.side, type: draft.type },
      ...(price !== undefined && 'text' in price ? { price: price.text } : {}),
      quantity: quantity.text,
      timeInForce: timeInForceOf(draft),
      ...(expires !== undefined && 'at' in expires ? { expiresAt: expires.at } : {}),
      ...(mayBePostOnly(draft) && draft.isPostOnly ? { postOnly: true } : {}),
    },
  };
}

/** A market intention does not rest. */
export function timesInForce({ type }: Pick<Draft, 'type'>): readonly TimeInForce[] {
  return type === 'market' ? ['ioc', 'fok'] : ['gtc', 'ioc', 'fok', 'gtd'];
}

/** The one that is chosen, or the first there is of this type. */
export function timeInForceOf(draft: Pick<Draft, 'type' | 'timeInForce'>): TimeInForce {
  const offered = timesInForce(draft);
  return offered.includes(draft.timeInForce) ? draft.timeInForce : (offered[0] ?? 'gtc');
}

/** Only what rests can be refused for dealing at once. */
export function mayBePostOnly(draft: Pick<Draft, 'type' | 'timeInForce'>): boolean {
  return ['gtc', 'gtd'].includes(timeInForceOf(draft));
}

function whyNobody(participant: string): string | undefined {
  if (participant === '') return 'Say for whom.';
  return PARTICIPANT.test(participant) ? undefined : 'Letters, digits and . _ @ - alone, 32 at most.';
}

/** What a call, which collects, cannot keep. */
function whyNotInForce(draft: Draft, phase: Phase): string | undefined {
  if (phase === 'continuous') return undefined;
  const timeInForce = timeInForceOf(draft);
  if (timeInForce === 'fok') return 'A call collects: fill or kill is refused until it is over.';
  if (timeInForce === 'ioc' && draft.type === 'limit')
    return 'A call collects: immediate or cancel is refused until it is over.';
  if (draft.isPostOnly && mayBePostOnly(draft)) return 'A call collects: post only is refused until it is over.';
  return undefined;
}

function expiryOf(typed: string, nowMs: number): { readonly at: string } | { readonly error: string } {
  const ms = Date.parse(typed);
  if (Number.isNaN(ms)) return { error: 'Say until when.' };
  return ms > nowMs ? { at: new Date(ms).toISOString() } : { error: 'That is past already.' };
}
