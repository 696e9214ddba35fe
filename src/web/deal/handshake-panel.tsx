import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { ChartJson } from '../../../projections/handshake/chart-json.js';
import { layoutChart } from '../../../projections/handshake/layout-chart.js';
import { positionText } from '../../log/position-text.js';
import { BarLegend, StandingBar } from '../parts/standing-bar.js';
import { useVisible } from '../parts/use-visible.js';
import { useWidth } from '../parts/use-width.js';
import { ChartPlayer } from './chart-player.js';
import { played, type PlayerState, resized, rowMs, wholeChart } from './player.js';
import { reservedTrack, type TrackRow } from './reserved-track.js';
import { ReservedTrack } from './reserved-track-view.js';
import { SequenceChart } from './sequence-chart.js';

export interface HandshakePanelProps {
  readonly chart: ChartJson;
  /** Positions are shown with it; where there is one log, there is none. */
  readonly shard?: number | undefined;
  readonly selected: Signal<number | undefined>;
  readonly onSelect?: (position: number) => void;
  /** Begins to replay it at once. */
  readonly isPlayed?: boolean;
}

/** Wide enough for the track to stand beside the chart. */
const BESIDE = 720;
const TRACK = 300;
const GAP = 20;
/** With more rows, those that are not on the screen are not in the document. */
const MOST_WHOLE = 300;

/** The chart of a deal or of an intention, its player, and what each side has open, reserved and filled. */
export function HandshakePanel({
  chart,
  shard,
  selected,
  onSelect,
  isPlayed = false,
}: HandshakePanelProps): JSX.Element {
  const { ref, width } = useWidth<HTMLDivElement>();
  const state = usePlayer(chart.rows.length, isPlayed);
  const onScreen = useVisible(ref);
  const visible = chart.rows.length > MOST_WHOLE ? onScreen.value : undefined;
  const isBeside = width.value >= BESIDE;
  const widthPx = isBeside ? width.value - TRACK - GAP : width.value;
  const layout = useMemo(
    () => layoutChart(chart, { widthPx, isUntitled: true, position: (position) => positionText(position, shard) }),
    [chart, widthPx, shard],
  );
  const track = useMemo(() => reservedTrack(chart), [chart]);
  const { shown, isPlaying } = state.value;
  const now = Math.min(selected.value ?? shown - 1, shown - 1);
  const timing = { '--row-ms': `${rowMs(state.value)}ms` };
  return (
    <div class="handshake" ref={ref} style={timing}>
      {width.value > 0 && (
        <div class="handshake-body">
          <SequenceChart {...{ chart, layout, selected, shown, isMoving: isPlaying, visible, onSelect }} />
          {isBeside && (
            <ReservedTrack
              {...{ track, layout, shown, visible }}
              heads={headsOf(chart)}
              selected={selected.value}
              widthPx={TRACK}
            />
          )}
        </div>
      )}
      <div class="handshake-foot">
        <ChartPlayer chart={chart} state={state} selected={selected} />
        {isBeside ? <BarLegend /> : <Standing row={track[now]} />}
      </div>
    </div>
  );
}

function headsOf({ intention, counterparty }: ChartJson): readonly [string, string] {
  return [`Intention ${intention}`, counterparty === undefined ? 'Counterparty' : `Intention ${counterparty}`];
}

/** A chart that goes on while it is looked at stays whole. */
function usePlayer(rows: number, isPlayed: boolean): Signal<PlayerState> {
  const state = useSignal(isPlayed ? played(wholeChart(rows), 'play', rows) : wholeChart(rows));
  const before = useRef(rows);
  useLayoutEffect(() => {
    state.value = resized(state.value, before.current, rows);
    before.current = rows;
  }, [state, rows]);
  return state;
}

/** On a narrow page, where nothing fits beside the chart: how both sides stand at the row that is looked at. */
function Standing({ row }: { readonly row: TrackRow | undefined }): JSX.Element {
  return (
    <div class="standing-bars">
      {[row?.left, row?.right].map(
        (side, index) =>
          side !== undefined && <StandingBar key={index} label={`Intention ${side.intention}`} parts={side.parts} />,
      )}
    </div>
  );
}
