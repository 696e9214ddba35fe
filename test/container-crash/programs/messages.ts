/** What the rig and its programs in containers tell each other, a line of JSON each. */
import type { PostIntention } from '../../../src/client/index.js';
import type { Target } from '../../cluster-crash/checks/asked.js';
import type { AskedJson } from './asked-json.js';

/** What both are told first. */
interface Begin {
  readonly symbols: readonly string[];
  readonly shards: number;
  readonly seed: number;
}

export interface BeginClients extends Begin {
  readonly urls: readonly string[];
  readonly key: string;
}

export interface BeginProducer extends Begin {
  readonly brokers: readonly string[];
  readonly topic: string;
}

/** What clients leave to the producer: to be changed, or posted again, through the topic. */
export interface Offered {
  readonly targets: readonly Target[];
  readonly posts: readonly PostIntention[];
}

export type ToClients =
  | { readonly begin: BeginClients }
  | { readonly round: number }
  | { readonly fault: { readonly kind: string; readonly shards: readonly number[] } }
  | { readonly mended: true }
  | { readonly end: true };

export type ToProducer =
  | { readonly begin: BeginProducer }
  | { readonly round: number }
  | { readonly offered: Offered }
  | { readonly end: true };

/** Tries of clients that came to nothing, or batches of the producer whose outcome it does not know. */
interface Failed {
  readonly failed: number;
}

export type FromClients =
  | { readonly status: { readonly acknowledged: number; readonly areOver: boolean } }
  | { readonly offered: Offered }
  | {
      readonly over: Failed & { readonly asked: AskedJson; readonly silences: readonly (readonly [string, number])[] };
    };

export type FromProducer =
  { readonly status: { readonly written: number } } | { readonly over: Failed & { readonly asked: AskedJson } };
