import type { OwnListener, TradeListener } from '../../../projections/streams/listeners.js';
import type { StreamMessage } from '../../../projections/streams/messages.js';
import type { StreamWish } from './stream-source.js';

/** Who listens to a fold for what a wish of trades or own is about. */
export function listenerFor(
  { instrument, participant, seesAll }: StreamWish,
  say: (message: StreamMessage) => void,
): OwnListener | TradeListener {
  return instrument === undefined ? { participant, seesAll: seesAll ?? false, say } : { instrument, say };
}
