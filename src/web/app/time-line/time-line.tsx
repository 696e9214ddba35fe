import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { grouped } from '../../parts/decimal.js';
import { Frames } from '../../parts/frames.js';
import { useLook } from '../../parts/look.js';
import { Time } from '../../parts/time.js';
import { isOfFile } from '../address.js';
import { headMoment } from '../exchange.js';
import { dragTo, place, shard, stand, standing } from '../moment.js';
import { Density } from './density.js';
import { JumpForm } from './jump-form.js';
import { ShardChoice } from './shard-choice.js';
import { Steps } from './steps.js';
import { useTimeline } from './timeline-data.js';

/** The log from its first position to its head: where the page stands, and the way to any other moment. */
export function TimeLine(): JSX.Element | null {
  const timeline = useTimeline();
  usePlace();
  const drag = useDrag();
  const isJumping = useSignal(false);
  if (timeline === undefined) return <div class="time-line waiting" aria-hidden="true" />;
  const end = isOfFile.value ? timeline.position : Math.max(timeline.position, headMoment.value?.position ?? 0);
  const at = Math.min(standing.value ?? end, end);
  const isLive = standing.value === undefined;
  return (
    <section class={`time-line ${isLive ? 'live' : 'standing'}`} aria-label="Time line">
      <div class="time-track">
        <Density timeline={timeline} end={end} at={at} />
        <input
          type="range"
          min={0}
          max={end}
          step={1}
          value={at}
          aria-label="Moment: position in the log"
          aria-valuetext={isLive ? `live, at ${at}` : `before position ${at} of ${end}`}
          onInput={({ currentTarget }) => drag.to(Number(currentTarget.value))}
          onChange={({ currentTarget }) => drag.end(momentOf(Number(currentTarget.value), end))}
        />
      </div>
      <div class="time-bar">
        <button
          type="button"
          class={`live-button ${isLive ? 'on' : ''}`}
          aria-pressed={isLive}
          onClick={() => stand(isLive && end > 0 ? end : undefined)}
        >
          <span class="dot" aria-hidden="true" />
          {isOfFile.value ? 'End' : 'Live'}
        </button>
        <ShardChoice />
        <Steps end={end} />
        <button
          type="button"
          class="quiet time-where"
          aria-expanded={isJumping.value}
          title="Go to a position or a time"
          style={{ minWidth: `max(116px, ${2 * grouped(end).length + 6}ch)` }}
          onClick={() => (isJumping.value = !isJumping.value)}
        >
          <span class="num">
            {grouped(isLive ? end : at)}
            {!isLive && <span class="time-end"> / {grouped(end)}</span>}
          </span>
          {place.value?.at !== undefined && !isLive && <Time at={place.value.at} />}
        </button>
        {isJumping.value && <JumpForm onDone={() => (isJumping.value = false)} />}
      </div>
    </section>
  );
}

/** At the very end the page is live. */
function momentOf(position: number, end: number): number | undefined {
  return position >= end ? undefined : position;
}

interface Drag {
  readonly to: (position: number) => void;
  readonly end: (position: number | undefined) => void;
}

/** While it is dragged, the page follows frame by frame; the address changes when it is let go. */
function useDrag(): Drag {
  const last = useRef(0);
  const frames = useRef<Frames | null>(null);
  frames.current ??= new Frames(() => dragTo(last.current));
  useEffect(() => () => frames.current?.end(), []);
  return {
    to: (position) => {
      last.current = position;
      frames.current?.want();
    },
    end: (position) => {
      frames.current?.end(); // a frame that came later would drag it again
      stand(position);
    },
  };
}

/** Finds out what is known of the moment at which the page stands. */
function usePlace(): void {
  const isLive = standing.value === undefined;
  const ofShard = shard.value;
  const { value } = useLook(`place ${ofShard ?? ''}`, (from, asked) => from.moment({ ...asked, shard: ofShard }), {
    isWanted: !isLive,
  });
  useEffect(() => {
    place.value = isLive ? undefined : value;
  }, [isLive, value]);
}
