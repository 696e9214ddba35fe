import type { PostTerms } from '../../../src/domain/post-terms.js';
import { Pricing, TimeInForce } from '../../../src/domain/terms.js';

/** The terms that every post must give. */
type Said = 'clientIntentionId' | 'participant' | 'side' | 'priceTicks' | 'quantityLots';

/** A plain limit intention in the first instrument, unless `said` says otherwise. */
export function limitPost(said: Pick<PostTerms, Said> & Partial<PostTerms>): PostTerms {
  return {
    clientIntentionId: said.clientIntentionId,
    participant: said.participant,
    instrumentId: said.instrumentId ?? 1,
    side: said.side,
    pricing: said.pricing ?? Pricing.Limit,
    priceTicks: said.priceTicks,
    quantityLots: said.quantityLots,
    timeInForce: said.timeInForce ?? TimeInForce.Gtc,
    postOnly: said.postOnly ?? false,
    expiresAtMs: said.expiresAtMs ?? 0,
  };
}
