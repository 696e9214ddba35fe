import { readFileSync } from 'node:fs';

/** How much of each resource all callers may use; each may hold as much of it as is still free for others (Allowance). */
export interface Limits {
  /** Connections. */
  readonly connections: number;
  /** Requests that wait for their turn. */
  readonly waitingRequests: number;
  /** Bytes that streams of posts hold. */
  readonly streamBytes: number;
  /** Lines that streams of posts have posted and that are not durable yet. */
  readonly streamLines: number;
  /** Rows that reads were asked for and have not sent yet. */
  readonly readRows: number;
  /** Looks at past moments that wait or are under way. */
  readonly looksWaiting: number;
  /** How long a request may take to come, head and body; streams of posts may take longer. Milliseconds. */
  readonly requestMs: number;
}

const MOST_CONNECTIONS = 16_384;
/** For logs, stores, and whatever else a process opens. */
const OTHER_DESCRIPTORS = 512;
/** Where a system does not say. */
const LIKELY_DESCRIPTORS = 4_096;

export const defaultLimits: Limits = {
  connections: Math.min(MOST_CONNECTIONS, connectionsThatFit()),
  waitingRequests: 16_384,
  streamBytes: 32 << 20,
  streamLines: 8_192,
  readRows: 200_000,
  looksWaiting: 64,
  requestMs: 30_000,
};

/** How many connections there are file descriptors for. */
export function connectionsThatFit(): number {
  return Math.max(64, descriptors() - OTHER_DESCRIPTORS);
}

function descriptors(): number {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? LIKELY_DESCRIPTORS : Number(soft);
  } catch {
    return LIKELY_DESCRIPTORS;
  }
}
