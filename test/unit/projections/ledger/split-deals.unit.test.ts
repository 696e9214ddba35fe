import { expect, it } from 'vitest';
import { readChart } from '../../../../projections/handshake/read-chart.js';
import { LedgerFold } from '../../../../projections/ledger/ledger.js';
import { foldLog } from '../../../../projections/read-models.js';
import { TapeFold } from '../../../../projections/tape/tape.js';
import { explain } from '../../../../projections/why/explain.js';
import { explanationText } from '../../../../projections/why/explanation-text.js';
import { Side } from '../../../../src/domain/terms.js';
import { ShardNetwork } from '../../../support/shards/shard-network.js';
import type { MemoryLog } from '../../../support/log/memory-log.js';

/** A seller in shard 0 and a buyer in shard 1 have dealt 4 lots at 100. */
async function dealt(): Promise<{ logs: readonly MemoryLog[]; seller: number; buyer: number }> {
  const market = await ShardNetwork.open();
  const seller = market.postNow(0, 'alice', Side.Sell, 100, 10);
  const buyer = market.postNow(1, 'bob', Side.Buy, 101, 4);
  await market.settle();
  market.announceLater(seller, buyer);
  await market.rest();
  return { logs: market.logs, seller, buyer };
}

async function folded(log: MemoryLog | undefined): Promise<{ ledger: LedgerFold; tape: TapeFold }> {
  const [ledger, tape] = [new LedgerFold(), new TapeFold()];
  if (log !== undefined) await foldLog(log, [ledger, tape]);
  return { ledger, tape };
}

it('A deal between two shards is on the tape of the initiator’s, and posts to each shard its own side', async () => {
  const { logs, seller, buyer } = await dealt();
  const [initiators, responders] = [await folded(logs[0]), await folded(logs[1])];
  expect([...initiators.tape.deals()]).toMatchObject([{ initiatorId: seller, responderId: buyer, quantityLots: 4 }]);
  expect([...responders.tape.deals()]).toEqual([]);
  expect(initiators.ledger.positions()).toMatchObject([{ participantId: 1, netLots: -4n, cashTurnover: 400n }]);
  expect(responders.ledger.positions()).toMatchObject([{ participantId: 1, netLots: 4n, cashTurnover: -400n }]);
  expect([initiators.ledger.dealsConfirmed, responders.ledger.dealsConfirmed]).toEqual([1, 0]);
});

it('The chart of a deal between two shards is in the initiator’s log, and the responder’s own chart shows what that one did', async () => {
  const { logs, seller, buyer } = await dealt();
  const [initiators, responders] = logs;
  if (initiators === undefined || responders === undefined) throw new Error('there are two shards');
  const deal = { initiatorId: seller, dealNumber: 1 };
  expect((await readChart(initiators, { deal }))?.chart.outcome).toMatchObject({ state: 'confirmed', lots: 4 });
  expect(await readChart(responders, { deal })).toBeUndefined();
  const chart = (await readChart(responders, { intentionId: buyer }))?.chart;
  const told = chart?.rows.map((row) =>
    row.kind === 'event' ? row.type : row.kind === 'message' ? row.message : row.kind,
  );
  expect(told).toEqual(['IntentionPosted', 'deal', 'ProposalAccepted', 'acceptance', 'lookUp', 'DealSettled']);
});

it('Either side of a deal between two shards can say why it was filled', async () => {
  const { logs, seller, buyer } = await dealt();
  const told = async (log: MemoryLog | undefined, id: number): Promise<string> => {
    const why = log === undefined ? undefined : await explain(log, id);
    return why === undefined ? '' : explanationText(why.explanation, why.names).replaceAll(/\s+/g, ' ');
  };
  expect(await told(logs[0], seller)).toContain(`Sold 4 at 100 to bob’s intention ${buyer}, which arrived`);
  expect(await told(logs[1], buyer)).toContain(`Bought 4 at 100 from intention ${seller} of another shard`);
});
