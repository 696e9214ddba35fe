import { describe, expect, it } from 'vitest';
import { FusedHandshake } from '../../../../src/domain/handshake/fused-handshake.js';
import { EngineHarness } from '../../../support/reference/engine-harness.js';

const SELLER = 1;
const BUYER = 2;

/** A seller and a buyer who do not cross, so that both stand; what the board would tell them is the test's to say. */
class Table extends EngineHarness {
  private readonly fused = new FusedHandshake(this.recorder);

  constructor() {
    super();
    this.sell(5, { at: 12 });
    this.buy(3, { at: 10 });
  }

  settle(priceTicks: number, standing = SELLER, arriving = BUYER): boolean {
    return this.fused.settle(this.row(standing), this.row(arriving), priceTicks);
  }

  /** The seller has proposed to somebody in another shard, and waits. */
  propose(lots: number): void {
    this.recorder.proposalMade(this.row(SELLER), { fromId: 2 ** 33, priceTicks: 12 }, lots);
  }
}

/** A table at which both limits reach 11, as if the board had told the truth. */
function crossing(): Table {
  const table = new Table();
  table.market.negotiators.setLimitTicks(table.row(SELLER), 11);
  table.market.negotiators.setLimitTicks(table.row(BUYER), 11);
  return table;
}

describe('a fused handshake', () => {
  it('A fused handshake records the five events of a handshake, in their order', () => {
    const table = crossing();
    const from = table.events.length;
    expect(table.settle(11)).toBe(true);
    const settled = { initiatorId: SELLER, dealNumber: 1, outcome: 'confirmed', priceTicks: 11, quantityLots: 3 };
    expect(table.events.slice(from)).toMatchObject([
      { type: 'ProposalMade', intentionId: SELLER, revision: 1, dealNumber: 1, counterpartyId: BUYER, quantityLots: 3 },
      { type: 'ProposalAccepted', intentionId: BUYER, revision: 1, initiatorId: SELLER, dealNumber: 1 },
      {
        type: 'DealConfirmed',
        initiatorId: SELLER,
        revision: 0,
        initiatorSide: 'sell',
        priceTicks: 11,
        quantityLots: 3,
      },
      { type: 'DealSettled', intentionId: SELLER, revision: 2, ...settled },
      { type: 'DealSettled', intentionId: BUYER, revision: 2, ...settled },
    ]);
    expect(table.recorder.position).toBe(table.events.length);
    expect([table.filled(SELLER), table.isOpen(BUYER), table.market.dealsConfirmed]).toEqual([3, false, 1]);
  });

  it('A fused handshake tells the arriving side what it dealt, at the position of the decision', () => {
    const table = crossing();
    const from = table.recorder.position;
    table.settle(11);
    const { outcome } = table.recorder;
    const dealt = { initiatorId: SELLER, dealNumber: 1, priceTicks: 11, lots: 3, position: from + 2 };
    expect([outcome.intentionId, outcome.deals, outcome.deal(0)]).toEqual([BUYER, 1, dealt]);
  });

  const refused: readonly (readonly [why: string, spoil: (table: Table) => void])[] = [
    [
      'the standing side’s limit does not reach the price',
      (table) => table.market.negotiators.setLimitTicks(table.row(SELLER), 12),
    ],
    [
      'the arriving side’s limit does not reach the price',
      (table) => table.market.negotiators.setLimitTicks(table.row(BUYER), 10),
    ],
    ['the standing side waits for another shard', (table) => table.propose(2)],
    ['all that the standing side has is reserved', (table) => table.market.negotiators.reserve(table.row(SELLER), 5)],
  ];

  it.each(refused)('A fused handshake does nothing where %s', (_, spoil) => {
    const table = crossing();
    spoil(table);
    const before = [table.bytes, table.recorder.position, ...[SELLER, BUYER].map((id) => table.row(id))];
    const rows = [SELLER, BUYER].map((id) => table.market.negotiators.describe(table.row(id)));
    expect(table.settle(11)).toBe(false);
    expect([table.bytes, table.recorder.position, ...[SELLER, BUYER].map((id) => table.row(id))]).toEqual(before);
    expect([SELLER, BUYER].map((id) => table.market.negotiators.describe(table.row(id)))).toEqual(rows);
  });
});
