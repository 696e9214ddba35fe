import { describe, expect, it } from 'vitest';
import type { ChartRow } from '../../../../projections/handshake/chart.js';
import { MAX_CHARTED_DEALS } from '../../../../projections/handshake/charted-deals.js';
import { HandshakeFold } from '../../../../projections/handshake/handshake-fold.js';
import { parseSubject, readChart } from '../../../../projections/handshake/read-chart.js';
import { renderText } from '../../../../projections/handshake/render-text.js';
import { IDS_PER_SHARD } from '../../../../src/domain/ids.js';
import { foldBatch } from '../../../../src/events/fold.js';
import { logOf } from '../../../support/history/history-log.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { History } from '../../../support/history/history.js';
import { chartOf, crashedDeal, dealSubject, longLife, Meeting, plainDeal } from './scenes.js';

function told(rows: readonly ChartRow[]): unknown[] {
  return rows.flatMap((row) => (row.kind === 'message' ? [[row.position, row.message, row.isRepeated]] : []));
}

describe('the chart of a deal', () => {
  it('The chart of a deal deduces each message from the event that it follows', async () => {
    const { chart } = await chartOf(plainDeal(), dealSubject(1));
    expect(told(chart.rows)).toEqual([
      [5, 'announcement', false],
      [6, 'proposal', false],
      [7, 'acceptance', false],
      [8, 'decision', false],
      [9, 'confirmation', false],
    ]);
    expect(chart.outcome).toEqual({ state: 'confirmed', priceTicks: 1020, lots: 60, reason: 0 });
  });

  it('The chart of a deal resumes what a restart interrupted', async () => {
    const { chart } = await chartOf(crashedDeal(), dealSubject(1));
    expect(told(chart.rows)).toEqual([
      [5, 'announcement', false],
      [6, 'proposal', false],
      [8, 'proposal', true],
      [9, 'acceptance', false],
      [11, 'proposal', true],
      [11, 'acceptance', true],
      [12, 'decision', false],
      [13, 'confirmation', false],
      [15, 'lookUp', false],
    ]);
    expect(chart.rows.at(-1)).toMatchObject({ kind: 'event', at: 'ledger', type: 'LateDecision' });
    expect(chart.outcome?.state).toBe('confirmed');
  });

  it('The chart of a deal lets both sides look up a decision that was made before a restart', async () => {
    const meeting = new Meeting();
    const { seller, buyer } = meeting;
    const deal = meeting.propose(seller, buyer, 1020, 60);
    meeting.accept(seller, deal, 60);
    meeting.confirm(seller, deal, 60);
    const restart = meeting.restart();
    meeting.settle(buyer, seller, deal, 60);
    meeting.settle(seller, seller, deal, 60);
    const { chart } = await chartOf(meeting, dealSubject(1));
    expect(told(chart.rows).slice(-2)).toEqual([
      [restart, 'lookUp', false],
      [restart, 'lookUp', false],
    ]);
  });

  it('The chart of a deal sends nothing again where recovery found nobody to send it to', async () => {
    const meeting = new Meeting();
    const { seller, buyer } = meeting;
    const deal = meeting.propose(seller, buyer, 1020, 60);
    meeting.restart();
    meeting.abort(seller, deal, 'recovery');
    meeting.settle(seller, seller, deal, 0);
    const { chart } = await chartOf(meeting, dealSubject(1));
    expect(told(chart.rows).filter((message) => (message as unknown[])[2] === true)).toEqual([]);
  });

  it('The chart of a deal begins with an auction where one paired the two', async () => {
    const { chart } = await chartOf(longLife(), dealSubject(1, 3));
    expect(chart.rows.some((row) => row.kind === 'auction')).toBe(true);
    expect(told(chart.rows)).not.toContainEqual(expect.arrayContaining(['announcement']));
  });

  it('The chart of a deal leaves other deals out', async () => {
    const { chart } = await chartOf(longLife(), dealSubject(1, 2));
    const positions = chart.rows.map((row) => row.position);
    expect(Math.max(...positions)).toBe(15);
  });
});

describe('the chart of an intention', () => {
  it('The chart of an intention stops at a number of deals that can still be read', () => {
    const meeting = new Meeting();
    const { seller, alice, acme } = meeting;
    meeting.amend(seller, 1020, 10_000);
    for (let count = 0; count < MAX_CHARTED_DEALS + 7; count++) {
      meeting.deal(seller, meeting.post(alice, acme, 'buy', 1020, 1), 1020, 1);
    }
    const fold = new HandshakeFold({ intentionId: seller });
    for (const batch of meeting.batches()) foldBatch(batch, fold);
    const chart = fold.chart();
    expect(chart?.omittedDeals).toBe(7);
    expect(chart?.rows.filter((row) => row.kind === 'deal')).toHaveLength(MAX_CHARTED_DEALS);
  });

  it('The chart of an intention keeps its rows in the order of the log, however a market goes', async () => {
    const history = new History();
    new NaiveMarket(history, 11, { crash: 0.05, decline: 0.1, auction: 0.02 }).run(2500);
    for (let intentionId = 1; intentionId < 300; intentionId += 13) {
      const { chart, names } = await chartOf(history, { intentionId });
      const events = chart.rows.flatMap((row) =>
        row.kind === 'event' && row.at === intentionId ? [row.position] : [],
      );
      expect(events).toEqual([...events].sort((one, other) => one - other));
      expect(renderText(chart, names)).toContain('IntentionPosted');
    }
  });
});

describe('the chart of an intention that answers another shard', () => {
  const initiator = IDS_PER_SHARD + 1;

  function accepted(): Meeting {
    const meeting = new Meeting();
    meeting.hear(initiator, 1, meeting.buyer, 1020);
    meeting.accept(initiator, 1, 60);
    return meeting;
  }

  async function kindsOf(meeting: Meeting): Promise<string[]> {
    const { chart } = await chartOf(meeting, { intentionId: meeting.buyer });
    return chart.rows.map((row) => row.kind);
  }

  it('The chart of an intention that answers another shard shows a restart that comes before the intention has settled', async () => {
    const meeting = accepted();
    meeting.restart();
    expect(await kindsOf(meeting)).toContain('restart');
  });

  it('The chart of an intention that answers another shard shows no restart once the intention has settled', async () => {
    const meeting = accepted();
    meeting.settle(meeting.buyer, initiator, 1, 60);
    meeting.restart();
    expect(await kindsOf(meeting)).not.toContain('restart');
  });
});

describe('reading a chart', () => {
  it('Reading a chart gives nothing for what the log does not know', async () => {
    expect(await readChart(logOf(plainDeal()), dealSubject(1, 2))).toBeUndefined();
    expect(await readChart(logOf(plainDeal()), { intentionId: 9 })).toBeUndefined();
  });

  it('Reading a chart gives the chart as it stood at a position', async () => {
    const read = await readChart(logOf(plainDeal()), dealSubject(1), { until: 8 });
    expect(read?.chart.outcome?.state).toBe('open');
  });

  it.each([
    ['7', { intentionId: 7 }],
    ['7-2', { deal: { initiatorId: 7, dealNumber: 2 } }],
    ['0', undefined],
    ['7-', undefined],
    ['-7', undefined],
    ['7-0', undefined],
    ['deal-7-2', undefined],
    ['99999999999999999', undefined],
  ])('Reading a chart takes %s for %o', (text, subject) => {
    expect(parseSubject(text)).toEqual(subject);
  });
});
