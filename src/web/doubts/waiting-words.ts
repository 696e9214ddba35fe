/** Who waits for whom in a deal without a decision, and what settles it. */
import { shardOf } from '../../domain/ids.js';
import type { Doubt as DoubtView } from '../source/source.js';

export interface WaitingWords {
  /** The intention that has the next word. */
  readonly next: string;
  readonly nextRole: 'initiator' | 'responder';
  readonly waits: string;
  readonly waitsRole: 'initiator' | 'responder';
  readonly settles: string;
}

export function waitingWords(doubt: DoubtView): WaitingWords {
  const { initiatorIntention: initiator, responderIntention: responder, settledBy } = doubt;
  if (settledBy === 'responder') {
    const settles = 'It accepts or declines; if no word of it comes in time, the deal is aborted.';
    return { next: responder, nextRole: 'responder', waits: initiator, waitsRole: 'initiator', settles };
  }
  const settles =
    settledBy === 'initiator'
      ? 'Both have promised. It decides, by one event in this log; a restart takes that up where it stopped.'
      : `Both have promised. The decision stands in the log of shard ${shardOf(Number(initiator))}, or will; this shard asks for it.`;
  return { next: initiator, nextRole: 'initiator', waits: responder, waitsRole: 'responder', settles };
}
