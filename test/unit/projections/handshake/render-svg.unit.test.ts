import { describe, expect, it } from 'vitest';
import { renderSvg } from '../../../../projections/handshake/render-svg.js';
import { chartOf, crashedDeal, dealSubject, hostileNames, longLife, plainDeal } from './scenes.js';
import { flawOf } from './well-formed.js';

describe('the SVG form of a chart', () => {
  it('The SVG form of a chart shows a handshake from announcement to settlement', async () => {
    const { chart, names } = await chartOf(plainDeal(), dealSubject(1));
    const svg = renderSvg(chart, names);
    await expect(svg).toMatchFileSnapshot('./snapshots/plain-deal.svg');
    expect(flawOf(svg)).toBeUndefined();
  });

  it('The SVG form of a chart is well-formed and harmless, whatever the names', async () => {
    for (const [history, subject] of [
      [crashedDeal(), dealSubject(1)],
      [longLife(), { intentionId: 1 }],
    ] as const) {
      const { chart } = await chartOf(history, subject);
      const svg = renderSvg(chart, hostileNames);
      expect(flawOf(svg)).toBeUndefined();
      expect(svg).not.toContain('<script');
    }
  });

  it('The SVG form of a chart needs nothing from outside, and is of a sensible width', async () => {
    for (const subject of [dealSubject(1), dealSubject(1, 2), { intentionId: 1 }]) {
      const { chart, names } = await chartOf(longLife(), subject);
      const svg = renderSvg(chart, names);
      expect(svg).not.toMatch(/url\(|href|@import|<image/);
      const width = Number(/^<svg [^>]*width="(\d+)"/.exec(svg)?.[1]);
      expect(width).toBeGreaterThan(500);
      expect(width).toBeLessThanOrEqual(960);
    }
  });

  it('The SVG form of a chart goes with a dark page as with a light one', async () => {
    const { chart, names } = await chartOf(plainDeal(), dealSubject(1));
    const svg = renderSvg(chart, names);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg).toContain('<rect class="card"');
  });
});

describe('the check for well-formed XML', () => {
  it.each([
    ['<svg a="1"><text>x &amp; y</text></svg>', undefined],
    ['<svg><text>x & y</text></svg>', 'bare & in x & y'],
    ['<svg><text>x</svg>', '</svg> closes text'],
    ['<svg><text>', 'svg, text left open'],
    ['<svg a=1></svg>', '<svg a=1> is no tag'],
    ['<svg a="1" a="2"></svg>', 'an attribute twice in <svg a="1" a="2">'],
    ['<svg>a > b</svg>', 'stray >'],
    ['<svg></svg><svg></svg>', '2 roots'],
  ])('The check for well-formed XML of %s says %s', (xml, flaw) => {
    expect(flawOf(xml)).toBe(flaw);
  });
});
