import type { ChartSubject, SequenceChart } from '../../../../projections/handshake/chart.js';
import type { Names } from '../../../../projections/handshake/names.js';
import { readChart } from '../../../../projections/handshake/read-chart.js';
import { logOf } from '../../../support/history/history-log.js';
import { History } from '../../../support/history/history.js';

/** bob sells 100 at 10.20, and alice comes to buy 60 at up to 10.25. */
export class Meeting extends History {
  readonly bob = this.admit('bob');
  readonly alice = this.admit('alice');
  readonly acme = this.list('ACME');
  readonly seller = this.post(this.bob, this.acme, 'sell', 1020, 100);
  readonly buyer = this.post(this.alice, this.acme, 'buy', 1025, 60);
}

export function dealSubject(initiatorId: number, dealNumber = 1): ChartSubject {
  return { deal: { initiatorId, dealNumber } };
}

export async function chartOf(
  history: History,
  subject: ChartSubject,
): Promise<{ chart: SequenceChart; names: Names }> {
  const read = await readChart(logOf(history), subject);
  if (read === undefined) throw new Error('the log knows no such deal or intention');
  return read;
}

/** A deal that is dealt without a hitch. */
export function plainDeal(): History {
  const meeting = new Meeting();
  meeting.deal(meeting.seller, meeting.buyer, 1020, 60);
  return meeting;
}

/** The writer stops three times on the way, and a late abort comes at the end. */
export function crashedDeal(): History {
  const meeting = new Meeting();
  const { seller, buyer } = meeting;
  const deal = meeting.propose(seller, buyer, 1020, 60);
  meeting.restart();
  meeting.accept(seller, deal, 60);
  meeting.restart();
  meeting.confirm(seller, deal, 60);
  meeting.settle(seller, seller, deal, 60);
  meeting.restart();
  meeting.settle(buyer, seller, deal, 60);
  meeting.abort(seller, deal, 'responderDeadline');
  return meeting;
}

/** One intention through a deal in part, a decline, a change of mind and an auction. */
export function longLife(): History {
  const meeting = new Meeting();
  const { seller, buyer, bob, alice, acme } = meeting;
  meeting.deal(seller, buyer, 1020, 60);
  const second = meeting.post(alice, acme, 'buy', 1030, 5);
  meeting.refusal(seller, second, 1020, 5);
  meeting.reduce(seller, 10);
  meeting.amend(seller, 1040, 30);
  meeting.deal(meeting.post(bob, acme, 'buy', 1035, 1), meeting.post(alice, acme, 'sell', 1035, 1), 1035, 1);
  meeting.phase(acme, 'call');
  const market = meeting.post(alice, acme, 'buy', undefined, 20);
  meeting.uncross(acme, 1040, 20);
  meeting.deal(seller, market, 1040, 20);
  meeting.phase(acme, 'continuous');
  meeting.withdraw(seller);
  return meeting;
}

/** Names that try to break out of every format. */
export const hostileNames: Names = {
  participant: (id) => `x${id}</text><script>"'&;#%%{}: end\u0000\u0007\u202e\r\n  participant evil`,
  symbol: () => ']]>\n---\nA&B',
  price: (_instrument, ticks) => String(ticks),
  quantity: (_instrument, lots) => String(lots),
  position: (position) => String(position),
};
