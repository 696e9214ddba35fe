import { Option } from 'commander';
import { positionAfter } from '../../log/position-after.js';
import type { ReadMarket } from '../../app/logs/market.js';
import { usage } from '../../app/exit.js';
import { catalogue } from '../../events/catalogue.js';
import type { ShardLog } from '../../log/port.js';
import { beyondHead, mustNameShard } from '../reports/log/history.js';
import { type LogPosition, parsePoint, parsePosition, type Point, shardNamedBy } from './logs/points.js';
import { parseTime, TIME_FORMS } from './times.js';
import { eventTypes, kindOfStream, parseStream } from './values.js';

/** Which part of a log, as options say. */
export interface RangeOptions {
  readonly from?: LogPosition;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly until?: Point;
}

/** Which events of it. */
export interface FilterOptions extends RangeOptions {
  readonly stream?: string;
  readonly type?: readonly string[];
}

/** Positions of one log: the first one, and the one to stop before. */
export interface EventRange {
  readonly from: number;
  readonly until: number;
}

export function fromOption(): Option {
  return new Option('--from <position>', 'begin at this position').argParser(parsePosition);
}

export function sinceOption(): Option {
  return new Option('--since <time>', `begin with what happened at this time: ${TIME_FORMS}`).argParser(parseTime);
}

export function untilOption(): Option {
  return new Option('--until <position|time>', 'stop before this position, or after this time').argParser(parsePoint);
}

export function streamOption(): Option {
  return new Option('--stream <name>', 'only this stream: intention-12, deal-12-3, shard-0').argParser(parseStream);
}

export function typeOption(): Option {
  return new Option('--type <type...>', 'only these types of events').choices(eventTypes);
}

/** Fails (usage) for options that contradict each other: nothing could come of them, which would look like an empty log. */
export function mustMakeSense({ from, since, until, stream, type }: FilterOptions): void {
  if (from !== undefined && since !== undefined) throw usage('--from and --since: give one or the other');
  shardNamedBy(from, until);
  if (until !== undefined && 'position' in until && from !== undefined && from.position > until.position) {
    throw usage(`--from ${from.position} stands after --until ${until.position}`);
  }
  if (until !== undefined && 'atMs' in until && since !== undefined && since > until.atMs) {
    throw usage(`--since ${timeOf(since)} is later than --until ${timeOf(until.atMs)}`);
  }
  const kind = stream === undefined ? undefined : kindOfStream(stream);
  if (kind === undefined || type === undefined) return;
  const isInStream = (name: string): boolean => catalogue.some((each) => each.type === name && each.stream === kind);
  if (!type.some(isInStream)) throw usage(`--type ${type.join(' ')}: ${String(stream)} has no such events`);
}

/** Fails (usage) for positions that do not say of which of several shards they are. The beginning is that of all. */
export function mustNameShards(market: ReadMarket, { from, until }: RangeOptions): void {
  if (from?.position !== 0) mustNameShard(market, '--from', from);
  mustNameShard(market, '--until', until);
}

/** The range of one log that is meant. Fails where it would begin beyond the head. */
export async function rangeIn(
  log: ShardLog,
  { from, since, until }: RangeOptions,
  shown: number | undefined,
): Promise<EventRange> {
  const head = await log.head();
  const first = since === undefined ? (from?.position ?? 0) : await positionAfter(log, since - 1);
  if (first > head) throw beyondHead(first, shown, head);
  if (until === undefined) return { from: first, until: head };
  const end = 'atMs' in until ? await positionAfter(log, until.atMs) : until.position;
  return { from: first, until: Math.min(head, end) };
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
