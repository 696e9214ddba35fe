import { describe, expect, it } from 'vitest';
import {
  advanced,
  figures,
  type History,
  latestSpan,
  noHistory,
  shardRate,
} from '../../../../src/web/cluster/figures.js';
import { parseMetrics } from '../../../../src/web/cluster/metrics.js';
import { numberText } from '../../../../src/web/cluster/number-text.js';
import { placedOn, restartsIn } from '../../../../src/web/cluster/restart-list.js';
import { sparklineOf } from '../../../../src/web/cluster/sparkline.js';

const reading = (durable: number, commits: number) =>
  parseMetrics(
    `parley_log_durable_position{shard="0"} ${durable}\nparley_commits_total{shard="0"} ${commits}\nparley_requests_waiting 4`,
  );

/** A reading a second, with 10 events and 2 commits more each. */
function historyOf(count: number): History {
  let history = noHistory;
  for (let index = 0; index < count; index++)
    history = advanced(history, { atMs: 1_000 * index, metrics: reading(10 * index, 2 * index) });
  return history;
}

function pointsOf(history: History, label: string): readonly (number | undefined)[] {
  const index = figures.findIndex((figure) => figure.label === label);
  return (history.points[index] ?? []).map(({ value }) => value);
}

describe('figures', () => {
  it('Rates need two readings, and what is a state needs them too', () => {
    expect(pointsOf(historyOf(1), 'Events')).toEqual([undefined]);
    expect(pointsOf(historyOf(3), 'Events')).toEqual([undefined, 10, 10]);
    expect(pointsOf(historyOf(2), 'Queue')).toEqual([undefined, 4]);
  });

  it('A batch is what events grew for each commit', () => {
    expect(pointsOf(historyOf(4), 'Batch').at(-1)).toBe(5);
  });

  it('Only the points of the last two minutes are kept, and readings for as long as a figure looks back', () => {
    const history = historyOf(200);
    expect(pointsOf(history, 'Events')).toHaveLength(121);
    expect(history.recent.length).toBeLessThan(15);
  });

  it('A figure over ten seconds looks back so far, once there are so many readings', () => {
    const posts = figures.find(({ overMs = 0 }) => overMs === 10_000);
    if (posts === undefined) throw new Error('no figure is taken over ten seconds');
    expect(latestSpan(historyOf(5), posts)?.seconds).toBe(4);
    expect(latestSpan(historyOf(40), posts)?.seconds).toBe(10);
  });

  it('A shard’s rate is of that shard, and of one that is elsewhere there is none', () => {
    expect(shardRate(historyOf(3), 0)).toBe(10);
    expect(shardRate(historyOf(3), 1)).toBeUndefined();
    expect(shardRate(historyOf(1), 0)).toBeUndefined();
  });
});

describe('sparklines', () => {
  it('A missing point breaks the line, and the largest value is at the top', () => {
    const { line, most } = sparklineOf([
      { atMs: 0, value: 1 },
      { atMs: 60_000, value: undefined },
      { atMs: 120_000, value: 5 },
    ]);
    expect(line).toBe('M0 34.8M240 2');
    expect(most).toBe(5);
  });

  it('Where all is zero, or nothing, the line lies at the foot', () => {
    expect(sparklineOf([{ atMs: 0, value: 0 }]).line).toBe('M240 43');
    expect(sparklineOf([]).line).toBe('');
  });
});

describe('restarts', () => {
  it('Restarts are taken out of all marks, and placed by their time', () => {
    const at = (second: number): string => new Date(1_000 * second).toISOString();
    const restarts = restartsIn(
      [
        { kind: 'restart', position: 0, at: at(0), epoch: 1 },
        { kind: 'auction', position: 5, at: at(5), instrument: 'ACME', volume: '0', deals: 0 },
        { kind: 'restart', position: 9, at: at(25), epoch: 2 },
      ],
      3,
    );
    expect(restarts.map(({ shard, epoch }) => [shard, epoch])).toEqual([
      [3, 1],
      [3, 2],
    ]);
    expect(placedOn(restarts, 100_000).map(({ share }) => share)).toEqual([0, 0.25]);
    expect(placedOn(restarts.slice(0, 1), 0)).toMatchObject([{ share: 0 }]);
  });
});

describe('numbers', () => {
  it('Numbers have three figures or so where they are read at a glance', () => {
    expect([0.456, 3.14159, 42, 123.4, 12_345, -2.5].map(numberText)).toEqual([
      '0.46',
      '3.1',
      '42',
      '123',
      '12\u202f345',
      '−2.5',
    ]);
  });
});
