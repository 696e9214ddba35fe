/** What a stand-in server is made to do wrong. */
import { Metadata, status } from '@grpc/grpc-js';
import type { Expected } from './stored-streams.js';

export interface AppendFault {
  /** Whether the append is stored for all that. */
  readonly stored: boolean;
  /** UNAVAILABLE in place of the answer, no answer at all, or the end of every connection. */
  readonly answer: 'unavailable' | 'silence' | 'cut';
  /** How many appends it befalls. Defaults to one. */
  readonly times?: number;
  /** How many appends go well before. Defaults to none. */
  readonly after?: number;
  /** Called each time, before the answer. */
  readonly meanwhile?: () => void;
}

export class Faults {
  /** Answered to every call in place of what it asked for. */
  refusal: 'unauthenticated' | 'permission denied' | undefined;
  /** So many calls that read are answered UNAVAILABLE. */
  unavailableReads = 0;
  /** Calls that read are accepted and never answered. */
  isSilent = false;
  private append: { fault: AppendFault; after: number; times: number } | undefined;

  failAppends(fault: AppendFault): void {
    this.append = { fault, after: fault.after ?? 0, times: fault.times ?? 1 };
  }

  /** From now on everything goes well. */
  heal(): void {
    this.refusal = undefined;
    this.unavailableReads = 0;
    this.isSilent = false;
    this.append = undefined;
  }

  nextAppend(): AppendFault | undefined {
    const planned = this.append;
    if (planned === undefined || planned.after-- > 0) return undefined;
    if (--planned.times <= 0) this.append = undefined;
    planned.fault.meanwhile?.();
    return planned.fault;
  }

  /** What a call that reads is answered in place of what it asked for. */
  nextRead(): ReturnType<typeof unavailable> | undefined {
    if (this.refusal !== undefined) return this.refused();
    if (this.unavailableReads <= 0) return undefined;
    this.unavailableReads--;
    return unavailable();
  }

  refused() {
    const code = this.refusal === 'permission denied' ? status.PERMISSION_DENIED : status.UNAUTHENTICATED;
    return { code, details: `the stand-in was made to answer: ${this.refusal ?? 'nothing'}`, metadata: new Metadata() };
  }
}

export function unavailable() {
  return { code: status.UNAVAILABLE, details: 'the stand-in was made to be away', metadata: new Metadata() };
}

export function tooLarge(mostBytes: number) {
  const metadata = new Metadata();
  metadata.set('exception', 'maximum-append-size-exceeded');
  metadata.set('maximum-append-size', String(mostBytes));
  return { code: status.INVALID_ARGUMENT, details: `Maximum Append Size of ${mostBytes} Exceeded.`, metadata };
}

export function deletedStream(stream: string) {
  const metadata = failureOf('stream-deleted', stream);
  return { code: status.FAILED_PRECONDITION, details: `Event stream '${stream}' is deleted.`, metadata };
}

/** What a deletion is answered; an append has an answer of its own for it. */
export function wrongRevision(stream: string, expected: Expected, current: number | undefined) {
  const metadata = failureOf('wrong-expected-version', stream);
  metadata.set('expected-version', typeof expected === 'number' ? String(expected) : '-1');
  if (current !== undefined) metadata.set('actual-version', String(current));
  return { code: status.FAILED_PRECONDITION, details: `'${stream}' is at another revision`, metadata };
}

function failureOf(exception: string, stream: string): Metadata {
  const metadata = new Metadata();
  metadata.set('exception', exception);
  metadata.set('stream-name', stream);
  return metadata;
}
