import { describe, expect, it } from 'vitest';
import type { ChartLayout, TextShape } from '../../../../projections/handshake/chart-layout.js';
import type { ChartJson } from '../../../../projections/handshake/chart-json.js';
import { chartJson } from '../../../../projections/handshake/chart-json.js';
import { fitted, widthOf, wrapped } from '../../../../projections/handshake/label-fit.js';
import { layoutChart } from '../../../../projections/handshake/layout-chart.js';
import type { History } from '../../../support/history/history.js';
import type { ChartSubject } from '../../../../projections/handshake/chart.js';
import { chartOf, crashedDeal, dealSubject, hostileNames, longLife, plainDeal } from './scenes.js';

async function jsonOf(history: History, subject: ChartSubject): Promise<ChartJson> {
  const { chart, names } = await chartOf(history, subject);
  return chartJson(chart, names);
}

function textsOf({ shapes }: ChartLayout): TextShape[] {
  return shapes.filter((shape) => shape.kind === 'text');
}

/** From where to where a text goes, as far as can be known. */
function extentOf({ x, anchor, text, style }: TextShape): [number, number] {
  const width = widthOf(text) * (style === 'title' ? 1.2 : 1);
  const left = anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width;
  return [left, left + width];
}

const scenes = [
  [plainDeal(), dealSubject(1)],
  [crashedDeal(), dealSubject(1)],
  [longLife(), dealSubject(1, 2)],
  [longLife(), { intentionId: 1 }],
] as const;

describe('the layout of a chart', () => {
  it.each([320, 360, 480, 700, 900])(
    'The layout of a chart stays within the %i pixels that it is given',
    async (widthPx) => {
      for (const [history, subject] of scenes) {
        const layout = layoutChart(await jsonOf(history, subject), { widthPx });
        expect(layout.width).toBeLessThanOrEqual(widthPx);
        for (const text of textsOf(layout)) {
          const [left, right] = extentOf(text);
          expect(left, text.text).toBeGreaterThanOrEqual(0);
          expect(right, text.text).toBeLessThanOrEqual(layout.width);
        }
      }
    },
  );

  it('The layout of a chart keeps all of a label that it has cut, and says nothing twice', async () => {
    const { chart } = await chartOf(plainDeal(), dealSubject(1));
    const json = chartJson(chart, hostileNames);
    const layout = layoutChart(json, { widthPx: 320 });
    const [cut] = textsOf(layout).filter((text) => text.text.endsWith('…'));
    expect([json.title, ...json.lifelines.map(({ terms }) => terms)]).toContain(cut?.full);
    const whole = layoutChart(await jsonOf(plainDeal(), dealSubject(1)), { widthPx: 900 });
    expect(textsOf(whole).filter((text) => text.full !== undefined)).toEqual([]);
  });

  it('The layout of a chart breaks what is too long for a narrow page over lines, none above another', async () => {
    const json = await jsonOf(longLife(), dealSubject(1, 2));
    const decline = json.rows.findIndex((row) => row.type === 'ProposalDeclined');
    const lines = textsOf(layoutChart(json, { widthPx: 320 })).filter(
      (text) => text.row === decline && text.style === 'halo',
    );
    expect(lines.map(({ text }) => text).join(' ')).toBe(json.rows[decline]?.text);
    expect(lines.length).toBeGreaterThan(1);
    expect(new Set(lines.map(({ y }) => y)).size).toBe(lines.length);
  });

  it.each([undefined, 360])(
    'The layout of a chart at a width of %s gives each row a stretch of its own, without gaps',
    async (width) => {
      for (const [history, subject] of scenes) {
        const chart = await jsonOf(history, subject);
        const { rows, shapes, height } = layoutChart(chart, width === undefined ? {} : { widthPx: width });
        expect(rows).toHaveLength(chart.rows.length);
        for (const [index, { top, y, bottom }] of rows.entries()) {
          expect(top).toBe(index === 0 ? top : rows[index - 1]?.bottom);
          expect(y).toBeGreaterThan(top);
          expect(y).toBeLessThan(bottom);
          expect(bottom).toBeLessThanOrEqual(height);
        }
        for (const shape of shapes) {
          const place = shape.row === undefined ? undefined : rows[shape.row];
          if (place === undefined || shape.kind !== 'text') continue;
          expect(shape.y).toBeGreaterThan(place.top);
          expect(shape.y).toBeLessThanOrEqual(place.bottom);
        }
      }
    },
  );

  it('The layout of a chart leaves the title out, and its room, where the page says it', async () => {
    const json = await jsonOf(plainDeal(), dealSubject(1));
    const [titled, untitled] = [layoutChart(json), layoutChart(json, { isUntitled: true })];
    expect(textsOf(titled).some(({ text }) => text === json.title)).toBe(true);
    expect(textsOf(untitled).some(({ style }) => style === 'title')).toBe(false);
    expect(untitled.height).toBeLessThan(titled.height);
    expect(untitled.title).toBe(json.title);
  });

  it('The layout of a chart draws a decision by its outcome, and hints faintly', async () => {
    const confirmed = layoutChart(await jsonOf(plainDeal(), dealSubject(1)));
    const declined = layoutChart(await jsonOf(longLife(), dealSubject(1, 2)));
    const arrows = ({ shapes }: ChartLayout): string[] =>
      shapes.flatMap((shape) => (shape.kind === 'arrow' ? [shape.style] : []));
    expect(arrows(confirmed)).toEqual(['arrow hint', 'arrow', 'arrow', 'arrow decision', 'arrow']);
    expect(arrows(declined)).toContain('arrow decision aborted');
  });
});

describe('a label that is fitted', () => {
  it.each([
    ['ten letters', 200, 'ten letters'],
    ['ten letters', 50, 'ten l…'],
    ['日本語日本語', 60, '日本語日…'],
    ['😀😀😀', 30, '😀…'],
  ])('A label that is fitted: %s in %i pixels is %s', (text, widthPx, shown) => {
    expect(fitted(text, widthPx)).toBe(shown);
    expect(widthOf(fitted(text, widthPx))).toBeLessThanOrEqual(widthPx);
  });

  it('A label that is fitted breaks between words, and only its last line is cut', () => {
    expect(wrapped('one two three four', 60, 3)).toEqual(['one two', 'three', 'four']);
    expect(wrapped('one two three four', 60, 2)).toEqual(['one two', 'three f…']);
    expect(wrapped('', 60, 2)).toEqual(['']);
  });
});
