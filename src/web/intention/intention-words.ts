import type { ClosedReason, Intention } from '../../client/types.js';

const times = {
  gtc: 'until withdrawn',
  ioc: 'at once or not at all, in part if need be',
  fok: 'all at once or not at all',
  gtd: 'until it expires',
} as const;

/** What is wanted, as it was posted: `250 at 100 or better, until withdrawn`. */
export function termsText({ side, type, postedPrice, postedQuantity, timeInForce, postOnly }: Intention): string {
  const limit = type === 'market' ? 'at market' : `at ${postedPrice ?? ''} or ${side === 'buy' ? 'less' : 'more'}`;
  return `${postedQuantity} ${limit}, ${times[timeInForce]}${postOnly ? ', only to stand' : ''}`;
}

const reasons: Readonly<Record<ClosedReason, string>> = {
  requested: 'Withdrawn',
  immediateOrCancel: 'Rest withdrawn: immediate or cancel',
  fillOrKill: 'Withdrawn: not all could be had at once',
  marketRemainder: 'Rest withdrawn: the market was empty',
  selfTrade: 'Withdrawn: its own other side arrived',
  parked: 'Withdrawn: its negotiator was parked',
  switchLapsed: 'Withdrawn: the dead man’s switch lapsed',
  halted: 'Withdrawn: the participant was halted',
  disconnected: 'Withdrawn: the connection ended',
};

/** How it closed. */
export function closedBy({ status, closedReason }: Intention): string {
  if (status === 'filled') return 'Filled';
  if (status === 'expired') return 'Expired';
  return closedReason === undefined ? 'Closed' : reasons[closedReason];
}
