/** The logs of a model: each content once, with what it says about deals. */
import type { DealDecision } from '../../../src/domain/handshake/shard-message.js';
import type { Event } from '../../../src/events/event.js';
import { firstDecision } from '../../../src/exchange/shard/peer-shards.js';
import { logHolding, meaningOf } from './event-log.js';
import { type GuardFacts, guardFactsOf } from './guards.js';
import { Interned } from '../interned.js';

const MOST_MEANINGS = 2 ** 20;

export type Decided = Extract<Event, { type: 'DealConfirmed' | 'DealAborted' }>;
type Proposed = Extract<Event, { type: 'ProposalMade' }>;
type Accepted = Extract<Event, { type: 'ProposalAccepted' }>;
type Settled = Extract<Event, { type: 'DealSettled' }>;

export interface Log {
  readonly shard: number;
  readonly events: readonly Event[];
  /** How many of the events, at which places, came from a writer that was fenced too late. */
  readonly late: readonly number[];
  readonly facts: LogFacts;
}

/** What a log says about deals; keys are `initiator-number`, those of settlements begin with the intention. */
export interface LogFacts {
  readonly proposed: ReadonlyMap<string, Proposed>;
  readonly accepted: ReadonlyMap<string, Accepted>;
  readonly declined: ReadonlySet<string>;
  /** The first of each deal. */
  readonly decided: ReadonlyMap<string, Decided>;
  readonly settled: ReadonlyMap<string, Settled>;
  readonly guards: GuardFacts;
  readonly findings: readonly string[];
}

/** 1. A log is identified by the log before its last event, and by what that event means. */
export class Logs {
  private readonly logs = new Interned<Log>();
  private readonly meanings = new Interned<string>();
  private readonly known = new WeakMap<Event, number>();
  private readonly longer = new Map<number, number>();
  private readonly decisions = new Map<string, DealDecision | undefined>();

  at(number: number): Log {
    return this.logs.at(number);
  }

  /** The log of a shard in which nothing has happened yet. */
  empty(shard: number): number {
    return this.logs.add(`shard ${shard}`, () => ({ shard, events: [], late: [], facts: factsOf([], []) }));
  }

  /** The log with more events at its end. */
  append(number: number, events: readonly Event[], isLate = false): number {
    let at = number;
    for (const event of events) at = this.appendOne(at, event, isLate);
    return at;
  }

  private appendOne(before: number, event: Event, isLate: boolean): number {
    const key = (before * 2 + (isLate ? 1 : 0)) * MOST_MEANINGS + this.meaning(event);
    const known = this.longer.get(key);
    if (known !== undefined) return known;
    const { shard, events: earlier, late: lateBefore } = this.at(before);
    const events = [...earlier, event];
    const late = isLate ? [...lateBefore, earlier.length] : lateBefore;
    const number = this.logs.add(String(key), () => ({ shard, events, late, facts: factsOf(events, late) }));
    this.longer.set(key, number);
    return number;
  }

  private meaning(event: Event): number {
    const known = this.known.get(event);
    if (known !== undefined) return known;
    const meaning = meaningOf(event);
    const number = this.meanings.add(meaning, () => meaning);
    this.known.set(event, number);
    return number;
  }

  /** What the ledger lookup finds in it. */
  async decisionIn(number: number, deal: string): Promise<DealDecision | undefined> {
    const key = `${number} ${deal}`;
    if (!this.decisions.has(key)) {
      const { shard, events } = this.at(number);
      const [initiatorId, dealNumber] = deal.split('-').map(Number);
      this.decisions.set(key, await firstDecision(await logHolding(shard, events), initiatorId ?? 0, dealNumber ?? 0));
    }
    return this.decisions.get(key);
  }
}

export function dealOf({ initiatorId, dealNumber }: { initiatorId: number; dealNumber: number }): string {
  return `${initiatorId}-${dealNumber}`;
}

function factsOf(events: readonly Event[], late: readonly number[]): LogFacts {
  const proposed = new Map<string, Proposed>();
  const accepted = new Map<string, Accepted>();
  const declined = new Set<string>();
  const decided = new Map<string, Decided>();
  const settled = new Map<string, Settled>();
  const findings: string[] = [];
  const revisions = new Map<number, number>();
  events.forEach((event, index) => {
    if ('intentionId' in event) {
      const expected = revisions.get(event.intentionId) ?? 0;
      if (event.revision !== expected) findings.push(`${event.type} has revision ${event.revision}, not ${expected}`);
      revisions.set(event.intentionId, expected + 1);
    }
    switch (event.type) {
      case 'ProposalMade':
        proposed.set(`${event.intentionId}-${event.dealNumber}`, event);
        break;
      case 'ProposalAccepted':
        if (accepted.has(dealOf(event))) findings.push(`I10: deal ${dealOf(event)} is accepted twice`);
        accepted.set(dealOf(event), event);
        break;
      case 'ProposalDeclined':
        declined.add(dealOf(event));
        break;
      case 'DealConfirmed':
      case 'DealAborted':
        if (!decided.has(dealOf(event))) decided.set(dealOf(event), event);
        else if (!late.includes(index)) findings.push(`I3: deal ${dealOf(event)} is decided a second time`);
        break;
      case 'DealSettled': {
        const key = `${event.intentionId} ${dealOf(event)}`;
        if (settled.has(key)) findings.push(`I10: intention ${event.intentionId} settles deal ${dealOf(event)} twice`);
        settled.set(key, event);
        break;
      }
      default:
    }
  });
  const guards = guardFactsOf(events);
  return { proposed, accepted, declined, decided, settled, guards, findings: [...findings, ...guards.findings] };
}
