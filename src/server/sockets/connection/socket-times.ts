/** How long WebSockets may do nothing of what they should do. */
export interface SocketTimes {
  /** How often it is asked whether anybody is there. */
  readonly heartbeatMs: number;
  /** How long that may remain unanswered. */
  readonly idleMs: number;
  /** How long a connection may take nothing of what was written to it. */
  readonly stallMs: number;
  /** How long a message may take to come. */
  readonly messageMs: number;
  /** How long it may take to show a key. */
  readonly authenticateMs: number;
}

const usual: SocketTimes = {
  heartbeatMs: 15_000,
  idleMs: 30_000,
  stallMs: 30_000,
  messageMs: 30_000,
  authenticateMs: 10_000,
};

/** What was said for WebSockets counts before what was said for feeds and requests. */
export function timesOf({ heartbeatMs, feeds, limits, sockets }: GivenTimes): SocketTimes {
  return {
    ...usual,
    ...(heartbeatMs !== undefined && { heartbeatMs }),
    ...(feeds?.stallMs !== undefined && { stallMs: feeds.stallMs }),
    ...(limits?.requestMs !== undefined && { messageMs: limits.requestMs }),
    ...sockets,
  };
}

interface GivenTimes {
  readonly heartbeatMs?: number | undefined;
  readonly feeds?: { readonly stallMs?: number | undefined } | undefined;
  readonly limits?: { readonly requestMs?: number | undefined } | undefined;
  readonly sockets?: Partial<SocketTimes> | undefined;
}
