import type { JSX } from 'preact';
import type { Mark, Timeline } from '../../source/source.js';
import { timeText } from '../../parts/time.js';

const HEIGHT = 28;

/** How many deals were made where, and where there were auctions and restarts. */
export function Density({
  timeline,
  end,
  at,
}: {
  readonly timeline: Timeline;
  readonly end: number;
  readonly at: number;
}): JSX.Element {
  const { deals, position, marks } = timeline;
  const most = Math.max(1, ...deals);
  const width = 1_000;
  const scale = end === 0 ? 0 : (width * position) / end / deals.length;
  const bars = deals
    .map((count, index) => (count === 0 ? '' : bar(index * scale, scale, (HEIGHT - 6) * Math.sqrt(count / most) + 2)))
    .join('');
  return (
    <svg class="density" viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="density-bars" d={bars} />
      {marks.map((mark) => (
        <line
          key={mark.position}
          class={`density-mark ${mark.kind}`}
          x1={(width * mark.position) / Math.max(1, end)}
          x2={(width * mark.position) / Math.max(1, end)}
          y1={0}
          y2={HEIGHT}
        >
          <title>{markText(mark)}</title>
        </line>
      ))}
      <rect class="density-later" x={(width * at) / Math.max(1, end)} y={0} width={width} height={HEIGHT} />
    </svg>
  );
}

function bar(x: number, width: number, height: number): string {
  const right = x + Math.max(width * 0.8, 1);
  return `M${x.toFixed(1)} ${HEIGHT}V${(HEIGHT - height).toFixed(1)}H${right.toFixed(1)}V${HEIGHT}z`;
}

export function markText(mark: Mark): string {
  const where = `position ${mark.position}, ${timeText(mark.at)}`;
  if (mark.kind === 'restart') return `Writer of epoch ${mark.epoch} began: ${where}`;
  const { instrument, price, volume } = mark;
  return price === undefined
    ? `Auction of ${instrument}, nothing dealt: ${where}`
    : `Auction of ${instrument}: ${volume} at ${price}, ${where}`;
}
