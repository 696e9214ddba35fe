/** What a route says of itself: all that the OpenAPI document is made from. */
import type { RouteShorthandOptions } from 'fastify';
import type { Access } from '../doors/access.js';
import type { RecordSchema } from '../../api/schemas/record-schema.js';
import type { ServerContext } from '../context.js';
import type { ProblemCode } from '../../api/problem.js';

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'intentions' | 'market' | 'deals' | 'events' | 'operation';
  /** What it is about, and so whose keys it takes. */
  readonly access: Access;
  /** It looks something up, and its answer counts until it has left. */
  readonly isRead?: boolean;
  /** It folds the log for its answer, also where no past moment is asked for. */
  readonly isLook?: boolean;
  /** How many rows its answer counts as, where its query has neither `limit` nor `depth`; 1 unless said otherwise. */
  readonly rows?: number;
  /** It goes on until somebody ends it, so it does not count against its key’s rate. */
  readonly isStream?: boolean;
  /** The codes it may refuse with, beside those that its access and its body bring. */
  readonly problems?: readonly ProblemCode[];
  /** Headers that it reads; Fastify must not check them, for there are always others. */
  readonly headers?: RecordSchema;
  /** Bodies by media type that the handler itself checks, so that Fastify must not. */
  readonly handlerChecksBody?: Readonly<Record<string, object>>;
  readonly schema: {
    readonly params?: RecordSchema;
    readonly querystring?: RecordSchema;
    readonly body?: RecordSchema;
    readonly response: Readonly<Record<number, object>>;
  };
}

/** Of every command that may make more open. */
export const problemsOfLimits = ['LIMIT_OPEN_QUANTITY', 'LIMIT_NET_POSITION', 'HALTED'] as const;

/** Of every command: the shard that it is for may not take it now. */
export const problemsOfShards = ['SHARD_UNAVAILABLE', 'SHARD_BUSY'] as const;

/** Of every read of a moment: it is not there yet, or it cannot be looked at now. */
export const problemsOfMoments = ['POSITION_AHEAD', 'UNAVAILABLE'] as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
}

/** Route options: the gate that its access asks for, its schemas, and what it says of itself. */
export function describe(
  { gates, readBudget, lookBudget }: ServerContext,
  operation: Operation,
): RouteShorthandOptions {
  const { schema, access, isRead = false, isLook = false, rows = 1 } = operation;
  return {
    schema,
    config: { operation },
    onRequest: gates[access],
    preHandler: isRead ? [readBudget.admit(rows), lookBudget.admit(isLook)] : [],
  };
}
