import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { presence, socket } from '../app/exchange.js';
import { shard, source, standing } from '../app/moment.js';
import type { Source } from '../source/source.js';
import { LogReader } from './reading/log-reader.js';
import { filterIn, type LogFilter } from './telling/filter.js';
import { LogNames } from './telling/names.js';

/** What was learned of a source’s names holds as long as it is looked at. */
const namesOf = new WeakMap<Source, Map<number, LogNames>>();

/** A reader of the log at the moment at which the page stands. While another one makes its first look, the last one stays. */
export function useReader(filter: LogFilter, around: number | undefined): { reader: LogReader; isStale: boolean } {
  const from = source.value;
  const at = standing.value;
  const ofShard = shard.value;
  const live = at === undefined && from.kind === 'server' ? socket.value : undefined;
  const reader = useMemo(
    () => new LogReader({ source: from, shard: ofShard, at, socket: live, names: namesIn(from, ofShard ?? 0) }),
    [from, ofShard, at, live],
  );
  const [shown, setShown] = useState(reader);
  const isThere = from.kind === 'file' || presence.value === 'live';
  const started = useRef<LogReader>();
  useEffect(() => {
    const hasFailed = reader.error.peek() !== undefined;
    if (!isThere || (started.current === reader && !hasFailed)) return;
    started.current = reader;
    void reader.start(filter, around).then(() => setShown(reader));
  }, [reader, isThere]);
  useEffect(() => () => reader.close(), [reader]);
  useEffect(() => void reader.filterBy(filter), [reader, filter]);
  return { reader: shown, isStale: shown !== reader };
}

function namesIn(from: Source, ofShard: number): LogNames {
  const byShard = namesOf.get(from) ?? new Map<number, LogNames>();
  namesOf.set(from, byShard);
  const names = byShard.get(ofShard) ?? new LogNames();
  byShard.set(ofShard, names);
  return names;
}

/** The filter of the address: another one only when that says something else. */
export function useFilter(query: URLSearchParams): LogFilter {
  const filter = filterIn(query);
  const text = JSON.stringify(filter);
  return useMemo(() => filter, [text]);
}
