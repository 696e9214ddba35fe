import type { SequenceChart } from './chart.js';
import { chartJson } from './chart-json.js';
import type { ChartShape, TextShape } from './chart-layout.js';
import { layoutChart } from './layout-chart.js';
import type { Names } from './names.js';

/** It brings its own background, so it can be read on a white page and on a dark one, and it goes with the reader's colours. */
const STYLE = `
.parley { font: 13px ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
.parley .card { fill: #ffffff; stroke: #d0d7de; }
.parley text { fill: #1f2328; }
.parley .title { font-size: 15px; font-weight: 600; }
.parley .head { font-weight: 600; }
.parley .faint { fill: #59636e; }
.parley .at { fill: #59636e; font-variant-numeric: tabular-nums; }
.parley .halo { stroke: #ffffff; stroke-width: 5px; paint-order: stroke; stroke-linejoin: round; }
.parley .lane { stroke: #afb8c1; stroke-width: 1.5; }
.parley .arrow { stroke: #0969da; stroke-width: 1.5; fill: none; }
.parley .hint { stroke: #818b98; stroke-dasharray: 4 4; }
.parley .tip { fill: #0969da; }
.parley .hint-tip { fill: #818b98; }
.parley .decision { stroke: #1a7f37; stroke-width: 2; }
.parley .decision-tip { fill: #1a7f37; }
.parley .aborted { stroke: #cf222e; }
.parley .aborted-tip { fill: #cf222e; }
.parley .dot { fill: #1f2328; }
.parley .band { fill: #ddf4ff; }
.parley .alarm { fill: #fff8c5; }
@media (prefers-color-scheme: dark) {
  .parley .card { fill: #0d1117; stroke: #3d444d; }
  .parley text, .parley .dot { fill: #f0f6fc; }
  .parley .faint, .parley .at { fill: #9198a1; }
  .parley .halo { stroke: #0d1117; }
  .parley .lane { stroke: #4d5562; }
  .parley .arrow { stroke: #4493f8; }
  .parley .hint { stroke: #9198a1; }
  .parley .tip { fill: #4493f8; }
  .parley .hint-tip { fill: #9198a1; }
  .parley .decision { stroke: #3fb950; }
  .parley .decision-tip { fill: #3fb950; }
  .parley .aborted { stroke: #f85149; }
  .parley .aborted-tip { fill: #f85149; }
  .parley .band { fill: #122d4a; }
  .parley .alarm { fill: #3b2f0b; }
}`;

/** The chart as one SVG document that needs nothing else: no script, no font, no link, and no ids that could clash in a page. */
export function renderSvg(chart: SequenceChart, names: Names): string {
  const position = (at: number): string => names.position(at);
  const { width, height, title, shapes } = layoutChart(chartJson(chart, names), { position });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="parley" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...shapes.map(element),
    '</svg>',
    '',
  ].join('\n');
}

function element(shape: ChartShape): string {
  const { style } = shape;
  switch (shape.kind) {
    case 'line':
      return `<line class="${style}" x1="${shape.x1}" y1="${shape.y1}" x2="${shape.x2}" y2="${shape.y2}"/>`;
    case 'circle':
      return `<circle class="${style}" cx="${shape.x}" cy="${shape.y}" r="${shape.radius}"/>`;
    case 'rect': {
      const { x, y, width, height, radius } = shape;
      return `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`;
    }
    case 'arrow':
    case 'tip':
      return `<path class="${style}" d="${shape.d}"/>`;
    case 'text':
      return text(shape);
  }
}

function text({ x, y, text: content, style, anchor }: TextShape): string {
  const ending = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const named = style === '' ? '' : ` class="${style}"`;
  return `<text${named} x="${x}" y="${y}"${ending}>${escaped(content)}</text>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe in XML, in text and in attributes. Control characters, which XML forbids, have been taken out where the words are made. */
function escaped(content: string): string {
  return content.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
