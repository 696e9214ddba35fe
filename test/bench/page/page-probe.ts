/** What the probe in the page tells the benchmark beside it. Times are milliseconds, from the beginning of the navigation or of an event. */
export interface PageProbe {
  /** Messages of all WebSockets so far. */
  readonly messages: number;
  /** Undefined until the market list has a row. */
  firstView(): FirstView | undefined;
  beginFrames(): void;
  /** How long each frame took since they began. */
  endFrames(): readonly number[];
  /** The log position that the ladder stands at, or the last one that the log shows; -1 while there is none. */
  position(): number;
  /** Price and quantity of each level that the ladder shows, from the top. */
  levels(): readonly string[];
  /** Resolves once the ladder shows the book of where the slider has been dragged to. */
  dragged(): Promise<Dragged>;
  /** To be called before the slider is dragged on. */
  forgetDrag(): void;
  /** How long each request for a book took that has been answered since this was asked last. */
  bookRequestsMs(): readonly number[];
}

export interface FirstView {
  readonly contentMs: number;
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  /** What long tasks took beyond 50 ms each. */
  readonly blockedMs: number;
  /** Of all that had come by then, with headers. */
  readonly bytes: number;
}

export interface Dragged {
  readonly ms: number;
  readonly position: number;
}
