/** What the clients' program is told and tells, a line of JSON each. */
import type { HistoryLine } from './history-file.js';

/** What it is told first. */
export interface BeginClients {
  /** Whom to ask: one server, or the members of a cluster. */
  readonly urls: readonly string[];
  /** That of an operator, where they let nobody in without one. */
  readonly key?: string;
  readonly seed: number;
  readonly lanes: number;
}

export type ToClients = { readonly begin: BeginClients } | { readonly rest: true } | { readonly end: true };

export type ClientsState = 'begun' | 'enough' | 'rested' | 'ended';

/** The history comes line by line, before they have ended. */
export type FromClients = { readonly state: ClientsState } | HistoryLine;
