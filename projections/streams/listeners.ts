import type { OwnEvent, TradeMessage } from './messages.js';

/** Receives messages about participants, of one or of all. */
export interface OwnListener {
  /** Undefined: all, and then each message says whose it is, and all names are shown. */
  readonly participant: string | undefined;
  /** Whether it is shown counterparties that an instrument hides. */
  readonly seesAll: boolean;
  readonly say: (message: OwnEvent) => void;
}

/** Receives the deals of one instrument. */
export interface TradeListener {
  readonly instrument: string;
  readonly say: (message: TradeMessage) => void;
}

/** Adds a listener to those of its name, and returns what takes it out again. */
export function joinListener<Listener>(
  listeners: Map<string, Set<Listener>>,
  name: string,
  listener: Listener,
): () => void {
  const named = listeners.get(name) ?? new Set();
  listeners.set(name, named.add(listener));
  return () => {
    if (named.delete(listener) && named.size === 0 && listeners.get(name) === named) listeners.delete(name);
  };
}
