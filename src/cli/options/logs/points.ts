import { InvalidArgumentError } from 'commander';
import { positionOfPlace, shardOfPlace, POSITIONS_PER_SHARD } from '../../../../projections/store/places.js';
import { usage } from '../../../app/exit.js';
import { TIME_FORMS, timeIn } from '../times.js';

/** A position in the log of a shard: that of `shard`, or of the one that is asked of. */
export interface LogPosition {
  readonly position: number;
  readonly shard?: number | undefined;
}

/** A place in a log: before a position, or behind the last event that is not later than a time. */
export type Point = LogPosition | { readonly atMs: number };

/** What help texts and refusals say of positions. */
export const POSITION_FORMS = 'a whole number from 0 on, or SHARD/POSITION such as 1/120';

/** `120`, or `1/120` in shard 1. */
export function parsePosition(text: string): LogPosition {
  const found = positionIn(text);
  if (found === undefined) throw new InvalidArgumentError(`a log position is ${POSITION_FORMS}`);
  return found;
}

/** A position or a time. */
export function parsePoint(text: string): Point {
  const found = positionIn(text) ?? timeIn(text, Date.now());
  if (found === undefined) {
    throw new InvalidArgumentError(`it is a log position, ${POSITION_FORMS}, or a time: ${TIME_FORMS}`);
  }
  return typeof found === 'number' ? { atMs: found } : found;
}

/** A place among the events of all shards: `1/120`; also `1:120`, or as the one number that JSON has. */
export function parsePlace(text: string): LogPosition {
  const found = parsePosition(text.replace(/^(\d+):(\d+)$/, '$1/$2'));
  if (found.shard !== undefined || found.position < POSITIONS_PER_SHARD) return found;
  return { shard: shardOfPlace(found.position), position: positionOfPlace(found.position) };
}

/** The shard that positions name; undefined where none does. Fails (usage) where they name several. */
export function shardNamedBy(...points: readonly (Point | undefined)[]): number | undefined {
  const named = points.flatMap((point) => (point !== undefined && 'position' in point ? [point.shard] : []));
  const [shard, ...others] = new Set(named.filter((each) => each !== undefined));
  if (others.length > 0) throw usage(`positions of several shards: ${[shard, ...others].join(', ')}`);
  return shard;
}

function positionIn(text: string): LogPosition | undefined {
  const [, shard, digits = ''] = /^(?:([0-9]{1,7})\/)?([0-9]{1,16})$/.exec(text) ?? [];
  const position = Number(digits);
  if (digits === '' || !Number.isSafeInteger(position)) return undefined;
  return shard === undefined ? { position } : { shard: Number(shard), position };
}
