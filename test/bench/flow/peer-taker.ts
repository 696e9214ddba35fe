import { OrderBook, Side } from 'nodejs-order-book';
import type {
  DealConfirmed,
  IntentionPosted,
  OpenBatch,
  WholeHandshake,
} from '../../../src/domain/journal.generated.js';
import { NoopHandler } from '../../../src/events/handlers.generated.js';
import { BenchEngine } from '../parts/bench-engine.js';
import type { FlowBlock } from './flow.js';
import { FlowPlayer, type FlowTaker } from './flow-player.js';

type Result = ReturnType<OrderBook['limit']>;

/** Gives the flow to the peer by its own calls: limit orders and cancels. */
export class PeerTaker implements FlowTaker {
  private readonly book = new OrderBook();
  private readonly ids: string[] = [];

  constructor(private readonly onResult?: (result: Result, id: string) => void) {}

  post(clientIntentionId: string, _participant: string, side: number, priceTicks: number, quantityLots: number): void {
    this.ids.push(clientIntentionId);
    const result = this.book.limit({
      id: clientIntentionId,
      side: side === 0 ? Side.BUY : Side.SELL,
      price: priceTicks,
      size: quantityLots,
    });
    if (result.err !== null) throw new Error(`the peer refuses: ${result.err.message}`);
    this.onResult?.(result, clientIntentionId);
  }

  withdraw(intention: number): void {
    if (this.book.cancel(this.ids[intention] ?? '') === undefined)
      throw new Error(`the peer has no order ${intention}`);
  }
}

/** The deals of one result: makers that were filled, in order, then one that was cut. The taker itself is in the lists too. */
function dealsOf({ done, partial, partialQuantityProcessed }: Result, taker: string): string[] {
  const deals: string[] = [];
  for (const order of done) {
    if (order.id !== taker && 'price' in order) deals.push(`${taker} ${order.id} ${order.price} ${order.size}`);
  }
  if (partial !== null && partial.id !== taker && 'price' in partial) {
    deals.push(`${taker} ${partial.id} ${partial.price} ${partialQuantityProcessed}`);
  }
  return deals;
}

class DealJournal extends NoopHandler implements OpenBatch {
  readonly deals: string[] = [];
  private readonly clientIds: string[] = [''];

  override intentionPosted({ clientIntentionId }: IntentionPosted): void {
    this.clientIds.push(clientIntentionId);
  }

  wholeHandshake(record: WholeHandshake): void {
    this.dealConfirmed({ ...record, revision: 0 });
  }

  override dealConfirmed({ initiatorId, responderId, priceTicks, quantityLots }: DealConfirmed): void {
    const { [responderId]: taker = '', [initiatorId]: maker = '' } = this.clientIds;
    this.deals.push(`${taker} ${maker} ${priceTicks} ${quantityLots}`);
  }
}

/** Plays the block to both; throws at the first deal that is not the same (taker, maker, price, lots). Returns how many there were. */
export function checkSameDeals(block: FlowBlock, posts: number): number {
  const theirs: string[] = [];
  const peer = new PeerTaker((result, id) => theirs.push(...dealsOf(result, id)));
  const journal = new DealJournal();
  const engine = new BenchEngine(undefined, journal);
  new FlowPlayer(block).play(posts, peer);
  new FlowPlayer(block).play(posts, engine);
  const ours = journal.deals;
  const at = ours.findIndex((deal, index) => deal !== theirs[index]);
  if (at >= 0 || ours.length !== theirs.length) {
    const place = at >= 0 ? at : ours.length;
    throw new Error(`deal ${place} differs: ours ${ours[place] ?? 'none'}, the peer’s ${theirs[place] ?? 'none'}`);
  }
  return ours.length;
}
