/**
 * Where things are when there are several shards. Ids say it themselves; a position says it once it is made a place: one number that
 * puts the events of all shards in one order, shard after shard. Shard 0’s places are its positions.
 */
import { shardOf } from '../../src/domain/ids.js';
import { positionText } from '../../src/log/position-text.js';
import { numberOf } from './queries/query-terms.js';

/** More than any log will hold, and small enough that 512 shards have exact places. */
export const POSITIONS_PER_SHARD = 2 ** 44;

export function placeOf(shard: number, position: number): number {
  return shard * POSITIONS_PER_SHARD + position;
}

export function shardOfPlace(place: number): number {
  return Math.floor(place / POSITIONS_PER_SHARD);
}

export function positionOfPlace(place: number): number {
  return place % POSITIONS_PER_SHARD;
}

/** A place as people see and type it: `1/120`; `120` where there is one shard alone. */
export function placeText(place: number, isSharded: boolean): string {
  return positionText(positionOfPlace(place), isSharded ? shardOfPlace(place) : undefined);
}

/** What `1/120` says; a place does for the position, so that what a deal has can be given back. */
export function shardAndPosition(text: string): readonly [shard: number, position: number] {
  const [shard = 0, position = 0] = text.split('/').map(Number);
  return [shard, positionOfPlace(position)];
}

/** What `alice/ACME` says. Names hold no slash; what is no such place at all is one that there is not. */
export function participantAndInstrument(text: string): { readonly participant: string; readonly instrument: string } {
  const [participant = '', instrument = ''] = text.split('/', 2);
  return { participant, instrument };
}

/** The shard in which an intention was posted, from its id; undefined when no intention can have that id. */
export function shardOfIntention(id: string): number | undefined {
  const number = numberOf(id);
  return number === undefined ? undefined : shardOf(number);
}

/** The shard in which a deal is decided, from its id `7-2`: that of its initiator. Undefined when no deal can have that id. */
export function shardOfDeal(id: string): number | undefined {
  const [, initiatorId] = /^([0-9]{1,16})-[1-9][0-9]{0,15}$/.exec(id) ?? [];
  return initiatorId === undefined ? undefined : shardOfIntention(initiatorId);
}

/** The shard whose log has a stream (`intention-7`, `deal-7-2`, `shard-0`); undefined for what is no stream’s name. */
export function shardOfStream(stream: string): number | undefined {
  const [, kind, rest = ''] = /^(intention|deal|shard)-(.+)$/.exec(stream) ?? [];
  if (kind === 'deal') return shardOfDeal(rest);
  return kind === 'shard' ? numberOf(rest) : shardOfIntention(rest);
}
