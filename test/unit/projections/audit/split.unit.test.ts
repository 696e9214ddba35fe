import { describe, expect, it } from 'vitest';
import { IDS_PER_SHARD } from '../../../../src/domain/ids.js';
import { audit, Scene } from './scene.js';

/** Two shards of one market: the initiators live in the first, the responders in the second. */
class SplitScene {
  readonly initiators = new Scene(0);
  readonly responders = new Scene(2);

  /** A proposal goes over. Returns its number. */
  propose(initiator: number, responder: number, priceTicks: number, lots: number): number {
    const deal = this.initiators.propose(initiator, responder, priceTicks, lots);
    this.responders.hear(initiator, deal, responder, priceTicks);
    return deal;
  }

  /** The initiator confirms what was accepted, or aborts it when that is nothing, and settles. */
  decide(initiator: number, deal: number, lots: number): void {
    const { initiators } = this;
    if (lots > 0) initiators.confirm(initiator, deal, lots, initiators.alice);
    else initiators.abort(initiator, deal, 'initiatorDeadline');
    initiators.settle(initiator, initiator, deal, lots);
  }

  codes(): string[] {
    return [this.initiators, this.responders].flatMap((scene) =>
      audit(scene.batches()).findings.map(({ code, position }) => `${code} at ${position} of shard ${scene.shard}`),
    );
  }
}

/** Deals in whole and in part, declines, an abort that the responder does not know of, and commands while all of them are open. */
function busyShards(): SplitScene {
  const split = new SplitScene();
  const { initiators, responders } = split;
  const seller = initiators.sell(1020, 100);
  const buyer = responders.buy(1025, 60);
  const first = split.propose(seller, buyer, 1020, 100);
  initiators.sell(1030, 5);
  responders.accept(seller, first, 60);
  responders.buy(1000, 5);
  split.decide(seller, first, 60);
  responders.settle(buyer, seller, first, 60);
  const next = responders.buy(1025, 60);
  const second = split.propose(seller, next, 1020, 40);
  split.decide(seller, second, 0);
  responders.accept(seller, second, 40);
  responders.restart();
  responders.reduce(next, 10);
  responders.settle(next, seller, second, 0);
  const third = split.propose(seller, next, 1020, 40);
  initiators.restart();
  initiators.withdraw(seller);
  responders.decline(seller, third, 'doubt');
  initiators.abort(seller, third, 'declined');
  initiators.settle(seller, seller, third, 0);
  initiators.sell(1040, 5);
  responders.withdraw(next);
  return split;
}

describe('an honest history of two shards', () => {
  it('An honest history of two shards gives no findings in either log', () => {
    expect(busyShards().codes()).toEqual([]);
  });

  it('An honest history of two shards gives at most notes wherever either log ends', () => {
    for (const side of ['initiators', 'responders'] as const) {
      for (let length = 5; length <= busyShards()[side].head; length++) {
        const scene = busyShards()[side];
        scene.truncate(length);
        expect(audit(scene.batches()).violationCount).toBe(0);
      }
    }
  });

  it('An honest history of two shards counts each deal once, in the log where it was decided', () => {
    const { initiators, responders } = busyShards();
    expect(audit(initiators.batches()).confirmedDealCount).toBe(1);
    expect(audit(responders.batches()).confirmedDealCount).toBe(0);
  });

  it('An honest history of two shards gives the same findings in a shard of any number', () => {
    const lie = (shard: number): unknown => {
      const scene = new Scene(shard);
      const [seller, buyer] = scene.pair();
      scene.deal(seller, buyer, 1020, 10);
      scene.withdraw(seller);
      return audit(scene.batches()).findings.map(({ code, position }) => [code, position]);
    };
    expect(lie(7)).toEqual([['INTENTION_CLOSED', 11]]);
    expect(lie(7)).toEqual(lie(0));
  });

  it('An honest history of two shards lets an initiator be passed over while its proposal is open in another shard', () => {
    const { initiators: scene } = new SplitScene();
    const bound = scene.sell(1010, 100);
    scene.propose(bound, 2 * IDS_PER_SHARD + 1, 1010, 10);
    const next = scene.sell(1020, 10);
    scene.deal(next, scene.buy(1025, 10), 1020, 10);
    scene.withdraw(scene.buy(1015, 10, { timeInForce: 'fok' }), 'fillOrKill');
    scene.sell(1030, 5);
    expect(audit(scene.batches()).violationCount).toBe(0);
  });

  it('An honest history of two shards lets an arrival rest before one whose lots come free only later, and meet it after a restart', () => {
    const { responders: scene } = new SplitScene();
    const bound = scene.sell(1020, 10);
    scene.hear(1, 1, bound, 1020);
    scene.accept(1, 1, 10);
    const other = scene.sell(1030, 5);
    const arriving = scene.buy(1025, 10);
    scene.settle(bound, 1, 1, 0);
    scene.withdraw(other);
    scene.restart();
    scene.deal(bound, arriving, 1020, 10);
    scene.sell(1030, 5);
    expect(audit(scene.batches()).findings).toEqual([]);
  });

  it('An honest history of two shards lets a limit be amended while a deal at the old one waits for the other shard', () => {
    const split = new SplitScene();
    const { initiators, responders } = split;
    const seller = initiators.sell(1020, 10);
    const buyer = responders.buy(1025, 10);
    const deal = split.propose(seller, buyer, 1020, 10);
    initiators.amend(seller, 1030, 10);
    responders.accept(seller, deal, 10);
    responders.amend(buyer, 1015, 10);
    split.decide(seller, deal, 10);
    responders.settle(buyer, seller, deal, 10);
    expect(split.codes()).toEqual([]);
  });

  it('An honest history of two shards notes that an auction falls short when one who stands in it is bound to another shard', () => {
    const { initiators: scene } = new SplitScene();
    const bound = scene.sell(1020, 10);
    scene.propose(bound, 2 * IDS_PER_SHARD + 1, 1020, 10);
    scene.phase(scene.acme, 'call');
    scene.buy(1025, 10);
    const at = scene.uncross(scene.acme, 1020, 10);
    scene.confirm(bound, 1, 10, scene.alice);
    scene.settle(bound, bound, 1, 10);
    scene.sell(1030, 5);
    const { findings } = audit(scene.batches());
    expect(findings).toEqual([expect.objectContaining({ code: 'AUCTION_DISTURBED', severity: 'note', position: at })]);
  });
});
