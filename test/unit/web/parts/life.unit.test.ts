import { describe, expect, it } from 'vitest';
import { lifeOf, tickEvery } from '../../../../src/web/parts/life.js';
import { barText } from '../../../../src/web/parts/standing.js';
import { jsonOf, longLife } from '../charts.js';

describe('the life of an intention', () => {
  it('The life of an intention goes from its post to its end by its own events alone', async () => {
    const chart = await jsonOf(longLife(), { intentionId: 1 });
    const told = lifeOf(chart).map(({ position, parts }) => `${position} ${barText(parts).replaceAll('\u00a0', ' ')}`);
    expect(told).toEqual([
      '4 100 open',
      '6 60 reserved · 40 open',
      '9 60 filled · 40 open',
      '12 60 filled · 5 reserved · 35 open',
      '15 60 filled · 40 open',
      '16 60 filled · 30 open',
      '17 60 filled · 30 open',
      '28 60 filled · 20 reserved · 10 open',
      '31 80 filled · 10 open',
      '34 80 filled',
    ]);
  });

  it('The life of an intention names the row of the chart that each step is', async () => {
    const chart = await jsonOf(longLife(), { intentionId: 1 });
    for (const { row, position, text } of lifeOf(chart)) expect(chart.rows[row]).toMatchObject({ position, text });
  });

  it('The life of an intention is measured by the most that it ever was', async () => {
    const [first, ...rest] = lifeOf(await jsonOf(longLife(), { intentionId: 1 }));
    const lengthOf = (step: typeof first): number => (step?.parts ?? []).reduce((sum, { share }) => sum + share, 0);
    expect(lengthOf(first)).toBe(1);
    for (const step of rest) expect(lengthOf(step)).toBeLessThanOrEqual(1);
  });
});

describe('the ticks of a life', () => {
  it('The ticks of a life are as many as there is room for', () => {
    expect(tickEvery(96, '1585')).toBe(1);
    expect(tickEvery(12, '1585')).toBe(4);
    expect(tickEvery(12, '3/123456789') * 12).toBeGreaterThan(11 * 7.5);
  });
});
