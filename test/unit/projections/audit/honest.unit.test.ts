import { describe, expect, it } from 'vitest';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { audit, Scene } from './scene.js';

function codes(history: History): string[] {
  return audit(history.batches()).findings.map(({ code, position }) => `${code} at ${position}`);
}

/** A little of everything: deals in part and whole, a decline, amendments, an auction, the ends an intention can come to. */
function busyMarket(): Scene {
  const scene = new Scene();
  const seller = scene.sell(1020, 100);
  scene.deal(seller, scene.buy(1025, 60), 1020, 60, 100);
  scene.reduce(seller, 10);
  const sweep = scene.buy(1030, 50);
  scene.refusal(seller, sweep, 1020, 30);
  const next = scene.sell(1030, 20);
  scene.deal(sweep, next, 1030, 20);
  scene.amend(sweep, 1010, 40);
  scene.withdraw(scene.buy(1015, 5, { timeInForce: 'ioc' }), 'immediateOrCancel');
  scene.withdraw(scene.buy(1020, 99, { timeInForce: 'fok' }), 'fillOrKill');
  scene.expire(scene.buy(1000, 5, { timeInForce: 'gtd', expiresAtMs: scene.atMs }));
  scene.phase(scene.acme, 'call');
  const market = scene.buy(undefined, 40);
  scene.uncross(scene.acme, 1020, 30);
  scene.deal(seller, market, 1020, 30);
  scene.withdraw(market, 'marketRemainder');
  scene.phase(scene.acme, 'continuous');
  scene.withdraw(sweep);
  return scene;
}

describe('an honest history', () => {
  it('An honest history gives no findings', () => {
    expect(codes(busyMarket())).toEqual([]);
  });

  it('An honest history gives no findings wherever the writer stopped and another went on', () => {
    for (let position = 5; position <= busyMarket().head; position++) {
      const scene = busyMarket();
      scene.insert(position, { type: 'ShardStarted', shard: 0, epoch: 2, atMs: 0 });
      scene.insert(position, { type: 'BatchSealed', digest: '0'.repeat(64) });
      expect(codes(scene)).toEqual([]);
    }
  });

  it('An honest history gives at most notes wherever the log ends', () => {
    for (let length = 5; length <= busyMarket().head; length++) {
      const scene = busyMarket();
      scene.truncate(length);
      expect(audit(scene.batches()).violationCount).toBe(0);
    }
  });

  it('An honest history may decline a proposal again that was repeated after a restart', () => {
    const scene = new Scene();
    const [seller, buyer] = scene.pair();
    const deal = scene.propose(seller, buyer, 1020, 10);
    scene.decline(seller, deal, 'doubt');
    scene.restart();
    scene.decline(seller, deal, 'doubt');
    scene.abort(seller, deal, 'declined');
    scene.settle(seller, seller, deal, 0);
    expect(codes(scene)).toEqual([]);
  });

  it('An honest history may accept a deal, not knowing, that was aborted before', () => {
    const scene = new Scene();
    const [seller, buyer] = scene.pair();
    const deal = scene.propose(seller, buyer, 1020, 10);
    scene.abort(seller, deal, 'initiatorDeadline');
    scene.settle(seller, seller, deal, 0);
    scene.accept(seller, deal, 10);
    scene.settle(buyer, seller, deal, 0);
    scene.withdraw(seller);
    scene.withdraw(buyer);
    expect(codes(scene)).toEqual([]);
  });

  it('An honest history may withdraw a parked intention whose partner settles after it', () => {
    const scene = new Scene();
    const [seller, buyer] = scene.pair();
    const deal = scene.propose(seller, buyer, 1020, 10);
    scene.accept(seller, deal, 10);
    scene.abort(seller, deal, 'parked');
    scene.settle(seller, seller, deal, 0);
    scene.withdraw(seller, 'parked');
    scene.settle(buyer, seller, deal, 0);
    scene.sell(1030, 10);
    expect(codes(scene)).toEqual([]);
  });

  it('An honest history may withdraw an intention in the middle of a deal: what is reserved goes with the deal', () => {
    const scene = new Scene();
    const seller = scene.sell(1020, 30);
    const deal = scene.propose(seller, scene.buy(1025, 10), 1020, 20);
    scene.accept(seller, deal, 10);
    scene.withdraw(seller, 'parked');
    scene.confirm(seller, deal, 10);
    scene.settle(seller, seller, deal, 10);
    scene.settle(2, seller, deal, 10);
    scene.sell(1030, 10);
    expect(codes(scene)).toEqual([]);
  });

  it('An honest history may kill a fill-or-kill intention whose partner declined', () => {
    const scene = new Scene();
    const seller = scene.sell(1020, 10);
    const buyer = scene.buy(1020, 10, { timeInForce: 'fok' });
    scene.refusal(seller, buyer, 1020, 10);
    scene.withdraw(buyer, 'fillOrKill');
    expect(codes(scene)).toEqual([]);
  });

  it('An honest history may let an arrival meet its own participant after somebody declined', () => {
    const scene = new Scene();
    scene.rules({ selfTrade: 'refuseArriving' });
    const first = scene.sell(1020, 10);
    const own = scene.post(scene.alice, scene.acme, 'sell', 1020, 10);
    const buyer = scene.buy(1020, 10);
    scene.refusal(first, buyer, 1020, 10);
    scene.deal(own, buyer, 1020, 10);
    expect(codes(scene)).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'An honest history gives no findings however a market goes, crashes and all (seed %i)',
    (seed) => {
      const history = new History();
      new NaiveMarket(history, seed, { crash: 0.05, decline: 0.05, auction: 0.02 }).run(6000);
      const report = audit(history.batches());
      expect(report.findings).toEqual([]);
      expect(report.confirmedDealCount).toBeGreaterThan(500);
      expect(report.eventCount).toBe(history.head);
    },
  );
});
