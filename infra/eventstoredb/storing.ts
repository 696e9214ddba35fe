/** Stores records behind a revision, once, and finds out with what outcome. */
import { ErrorType, type EventData, NO_STREAM } from '@eventstore/db-client';
import { asError } from '../../src/log/message-of.js';
import { isTransient, typeOf } from './failures.js';
import { LogLostError } from '../../src/log/port.js';
import { damaged } from './record.js';
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
    const { clients } = connection;
    try {
      const { nextExpectedRevision } = await clients.appending.appendToStream(name, records, { expectedRevision });
      if (nextExpectedRevision === BigInt(after + records.length)) return { kind: 'stored' };
      return unknown(astray(name, Number(nextExpectedRevision), after + records.length));
    } catch (error) {
      if (typeOf(error) === ErrorType.WRONG_EXPECTED_VERSION) return whoseIsIt(stream, records, after);
      connection.leaveIfSilent(clients, error);
      if (!isTransient(error)) return unknown(stream.named(error));
      if (!(await pauses.next())) return unknown(connection.unreachable(error));
    }
  }
}

/** An append is one piece, so the record behind `after` tells whose it was. */
async function whoseIsIt(stream: ShardStream, records: EventData[], after: number): Promise<StoreOutcome> {
  try {
    const found = await stream.find(after + 1);
    if (found === undefined) {
      const { last } = await stream.look();
      const end = last === undefined ? 'is empty' : `ends at revision ${last.revision}`;
      return unknown(new LogLostError(`${stream.name}: it ${end}, and had a record at revision ${after}`));
    }
    return { kind: found.id === records[0]?.id ? 'stored' : 'taken' };
  } catch (error) {
    return unknown(error);
  }
}

/** The server says that it has stored up to another revision than an append can have come to. */
function astray(name: string, revision: number, expected: number): Error {
  const why = 'somebody has deleted or replaced the stream';
  return damaged(name, revision, `is where an append came to stand that was to end at revision ${expected}: ${why}`);
}

function unknown(error: unknown): StoreOutcome {
  return { kind: 'unknown', failure: asError(error) };
}
