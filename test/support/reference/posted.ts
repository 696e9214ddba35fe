import type { IntentionPosted } from '../../../src/domain/journal.generated.js';

/** An intention that was posted: a buy of the first participant in the first instrument, but for what is said otherwise. */
export function posted(said: Partial<IntentionPosted>): IntentionPosted {
  const ids = { intentionId: 1, revision: 0, clientIntentionId: 'c', participantId: 1, instrumentId: 1 };
  const choices = { side: 0, pricing: 0, timeInForce: 0, postOnly: false };
  return { ...ids, ...choices, priceTicks: 0, quantityLots: 1, expiresAtMs: 0, atMs: 0, ...said };
}
