import { useEffect, useState } from 'preact/hooks';
import type { Timeline } from '../../source/source.js';
import { headMoment, presence } from '../exchange.js';
import { shard, source } from '../moment.js';

const BUCKETS = 240;
/** A log that has grown by so little looks the same. */
const GROWTH = 1 / BUCKETS;

/** The whole log’s time line, asked for again when the log has grown by as much as can be seen. */
export function useTimeline(): Timeline | undefined {
  const [timeline, setTimeline] = useState<Timeline>();
  const from = source.value;
  const ofShard = shard.value;
  const isThere = presence.value === 'live' || from.kind === 'file';
  const head = from.kind === 'file' ? 0 : (headMoment.value?.position ?? 0);
  const isDue = timeline === undefined || head - timeline.position > Math.max(1, timeline.position * GROWTH);
  useEffect(() => setTimeline(undefined), [from, ofShard]);
  useEffect(() => {
    if (!isThere || !isDue) return undefined;
    const over = new AbortController();
    from.timeline({ buckets: BUCKETS, shard: ofShard, signal: over.signal }).then(setTimeline, () => undefined);
    return () => over.abort();
  }, [from, ofShard, isThere, isDue]);
  return timeline;
}
