/** Stores records behind a revision, once, and finds out what became of them. */
import { ErrorType, type EventData, NO_STREAM } from '@eventstore/db-client';
import { asError, isTransient, typeOf } from './failures.js';
import type { ShardStream } from './shard-stream.js';

export type StoreOutcome =
  | { readonly kind: 'stored' }
  /** Another's record stands where the first of these should: they are not in the stream and never will be. */
  | { readonly kind: 'taken' }
  /** They may be there, or come to be. */
  | { readonly kind: 'unknown'; readonly failure: Error };

/**
 * Appends the records, all or none, behind the record at revision `after` (-1: as the stream's first). Attempts whose outcome is
 * unclear are repeated until patience ends. Never rejects.
 */
export async function store(stream: ShardStream, records: EventData[], after: number): Promise<StoreOutcome> {
  const { connection, name } = stream;
  const pauses = connection.pauses();
  const expectedRevision = after < 0 ? NO_STREAM : BigInt(after);
  for (;;) {
    try {
      const { nextExpectedRevision } = await connection.appending.appendToStream(name, records, { expectedRevision });
      if (nextExpectedRevision === BigInt(after + records.length)) return { kind: 'stored' };
      return unknown(new Error(`stored up to revision ${nextExpectedRevision}, behind ${after} as was asked`));
    } catch (error) {
      if (typeOf(error) === ErrorType.WRONG_EXPECTED_VERSION) return whoseIsIt(stream, records, after);
      if (!isTransient(error)) return unknown(connection.named(error));
      if (!(await pauses.next())) return unknown(connection.unreachable(error));
    }
  }
}

/** An append is one piece, so the record behind `after` tells whose it was. */
async function whoseIsIt(stream: ShardStream, records: EventData[], after: number): Promise<StoreOutcome> {
  try {
    const found = await stream.find(after + 1);
    if (found === undefined) return unknown(new Error(`the stream ${stream.name} ends before revision ${after}`));
    return { kind: found.id === records[0]?.id ? 'stored' : 'taken' };
  } catch (error) {
    return unknown(error);
  }
}

function unknown(error: unknown): StoreOutcome {
  return { kind: 'unknown', failure: asError(error) };
}
