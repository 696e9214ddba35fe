/** One's own affairs: all at one position, and everything after it. */
import { followFrom, type FollowOptions } from '../wire/message-stream.js';
import type { Account, OwnMessage } from './own-types.js';
import type { Transport } from '../wire/transport.js';
import type { Moment } from '../filters.js';
import type { CallOptions } from '../types.js';

export interface AccountFilter extends Moment {
  /** Whose. A participant’s own anyway; an operator or auditor names one. */
  readonly participant?: string | undefined;
  /** With the deals after this log position; of several shards `SHARD/POSITION,SHARD/POSITION`. None without it. */
  readonly after?: number | string | undefined;
  /** Of this shard alone; of all unless said otherwise. */
  readonly shard?: number | undefined;
}

export interface OwnFilter extends FollowOptions {
  /** Whose. A participant’s own anyway; an operator who names nobody follows everybody. */
  readonly participant?: string | undefined;
  /** Only what stands at this log position or later: that of an account. What is new unless it or `after` is given. */
  readonly from?: number | undefined;
  /** Only what stands after this log position: that of the last message you have. */
  readonly after?: number | undefined;
  /** Where there are several, whose log; the first unless said otherwise. */
  readonly shard?: number | undefined;
}

export function readAccount(transport: Transport, { signal, ...query }: AccountFilter & CallOptions): Promise<Account> {
  return transport.read('/v1/account', query, signal);
}

export function followOwn(
  transport: Transport,
  { after, from = after === undefined ? undefined : after + 1, participant, shard, signal }: OwnFilter,
): AsyncGenerator<OwnMessage, void, undefined> {
  return followFrom(transport, { path: '/v1/own/stream', from, query: { participant, shard }, signal });
}
