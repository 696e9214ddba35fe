import type { JSX } from 'preact';
import {
  type Beside,
  type Figure,
  type FigureGroup,
  figures,
  type History,
  latestSpan,
  type Point,
} from './figures.js';
import { numberText } from './number-text.js';
import { HEIGHT, sparklineOf, WIDTH } from './sparkline.js';

const groups: readonly { readonly group: FigureGroup; readonly title: string }[] = [
  { group: 'writing', title: 'The log' },
  { group: 'callers', title: 'Callers' },
  { group: 'reading', title: 'Readers' },
  { group: 'process', title: 'The process' },
];

/** All figures of the server that answers, with their last two minutes. */
export function FigureTiles({ history }: { readonly history: History }): JSX.Element {
  return (
    <div class="figure-groups">
      {groups.map(({ group, title }) => (
        <section key={group} class={`card figure-group ${group}`} aria-label={title}>
          <h2>{title}</h2>
          <div class="figures">
            {figures.map(
              (figure, index) =>
                figure.group === group && (
                  <Tile key={figure.label} figure={figure} history={history} points={history.points[index] ?? []} />
                ),
            )}
          </div>
        </section>
      ))}
    </div>
  );
}

function Tile({
  figure,
  history,
  points,
}: {
  readonly figure: Figure;
  readonly history: History;
  readonly points: readonly Point[];
}): JSX.Element {
  const { line, area, most } = sparklineOf(points);
  const value = points.at(-1)?.value;
  const span = latestSpan(history, figure);
  const beside = span === undefined ? [] : (figure.beside?.(span) ?? []);
  return (
    <div class="figure" role="group" aria-label={figure.label} title={figure.says}>
      <div class="figure-label">{figure.label}</div>
      <div class="figure-value">
        <span class="num">{value === undefined ? '–' : numberText(value)}</span>{' '}
        <span class="figure-unit">{figure.unit}</span>
      </div>
      <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="sparkline-area" d={area} />
        <path class="sparkline-line" d={line} />
      </svg>
      <div class="figure-beside num">
        {beside.map((each) => (
          <span key={each.label}>{besideText(each)}</span>
        ))}
        {most > 0 && (
          <span class="figure-most" title="The most in the last two minutes">
            max {numberText(most)}
          </span>
        )}
      </div>
    </div>
  );
}

function besideText({ label, value, unit = '' }: Beside): string {
  return `${label} ${value === undefined ? '–' : `${numberText(value)}${unit}`}`;
}
