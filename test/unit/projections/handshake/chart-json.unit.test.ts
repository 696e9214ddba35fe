import { describe, expect, it } from 'vitest';
import { chartJson, type ChartRowJson } from '../../../../projections/handshake/chart-json.js';
import type { ChartSubject } from '../../../../projections/handshake/chart.js';
import type { History } from '../../../support/history/history.js';
import { chartOf, crashedDeal, dealSubject, longLife, plainDeal } from './scenes.js';

async function rowsOf(history: History, subject: ChartSubject): Promise<readonly ChartRowJson[]> {
  const { chart, names } = await chartOf(history, subject);
  return chartJson(chart, names).rows;
}

function eventsOf(rows: readonly ChartRowJson[], at: string): unknown[] {
  return rows.flatMap(({ at: stream, type, quantity, freed, price, reason }) =>
    stream === at ? [[type, quantity, price, freed ?? reason].filter((value) => value !== undefined)] : [],
  );
}

describe('a chart as JSON', () => {
  it('A chart as JSON says of each event what it reserves, fills and at what price', async () => {
    const rows = await rowsOf(plainDeal(), dealSubject(1));
    expect(eventsOf(rows, '1')).toEqual([
      ['IntentionPosted', '100', '10.20'],
      ['ProposalMade', '60', '10.20'],
      ['DealSettled', '60'],
    ]);
    expect(eventsOf(rows, '2')).toEqual([
      ['IntentionPosted', '60', '10.25'],
      ['ProposalAccepted', '60', '10.20'],
      ['DealSettled', '60'],
    ]);
  });

  it('A chart as JSON says of each message what it is about and what was decided', async () => {
    const rows = await rowsOf(plainDeal(), dealSubject(1));
    const messages = rows.filter(({ kind }) => kind === 'message');
    expect(
      messages.map(({ message, quantity, price, outcome, faint }) => [message, quantity, price, outcome, faint]),
    ).toEqual([
      ['announcement', undefined, undefined, undefined, true],
      ['proposal', '60', '10.20', undefined, false],
      ['acceptance', '60', '10.20', undefined, false],
      ['decision', '60', '10.20', 'confirmed', false],
      ['confirmation', '60', '10.20', 'confirmed', false],
    ]);
  });

  it('A chart as JSON says why: a decline, an abort, a withdrawal, and what is freed', async () => {
    const rows = await rowsOf(longLife(), { intentionId: 1 });
    expect(eventsOf(rows, '1')).toContainEqual(['DealSettled', '0', '5']);
    expect(rows.find(({ type }) => type === 'ProposalDeclined')).toMatchObject({ reason: 'doubt' });
    expect(rows.find(({ outcome }) => outcome === 'aborted')).toMatchObject({
      message: 'decision',
      reason: 'declined',
    });
    expect(rows.find(({ type }) => type === 'IntentionWithdrawn')).toMatchObject({ reason: 'requested' });
  });

  it('A chart as JSON gives the numbers of what goes across all lifelines', async () => {
    const life = await rowsOf(longLife(), { intentionId: 1 });
    expect(life.find(({ kind }) => kind === 'deal')).toMatchObject({
      ...{ deal: '1-1', counterparty: '2', quantity: '60', price: '10.25' },
    });
    expect(life.find(({ kind }) => kind === 'auction')).toMatchObject({ price: '10.40', volume: '20' });
    const market = life.filter(({ kind }) => kind === 'deal').at(-1);
    expect(market).toMatchObject({ deal: '1-3', quantity: '20' });
    expect(market?.price).toBeUndefined();
    const crashed = await rowsOf(crashedDeal(), dealSubject(1));
    expect(crashed.filter(({ kind }) => kind === 'restart').map(({ epoch }) => epoch)).toEqual([2, 3, 4]);
    expect(crashed.at(-1)).toMatchObject({ type: 'LateDecision', outcome: 'aborted' });
  });

  it('A chart as JSON says whose each lifeline is', async () => {
    const { chart, names } = await chartOf(plainDeal(), dealSubject(1));
    expect(chartJson(chart, names).lifelines).toEqual([
      { heading: 'Intention 1', terms: 'bob sells 100 at 10.20', intention: '1', participant: 'bob', side: 'sell' },
      { heading: 'Ledger', terms: 'deal-1-1' },
      { heading: 'Intention 2', terms: 'alice buys 60 at 10.25', intention: '2', participant: 'alice', side: 'buy' },
    ]);
  });
});
