/** How much a hub hands out before it hears that it was taken. */
export interface HubBounds {
  /** So much a feed may have been handed that its connection has not taken, before it is handed no more; one part may go beyond. */
  readonly windowBytes: number;
  /** So much a reader encodes before it waits until that is handed out; one message may go beyond. */
  readonly partBytes: number;
  /** How many places of the log are read from at a time. */
  readonly readers: number;
}

export const hubBounds: HubBounds = { windowBytes: 1 << 16, partBytes: 1 << 17, readers: 5 };
