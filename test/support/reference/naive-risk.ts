import type { RecordedEvent } from '../../../src/events/event.js';

/** Limits in lots, as a test sets them; what is undefined is not limited. */
export interface NaiveLimit {
  readonly openLots?: number | undefined;
  readonly netLots?: number | undefined;
  readonly perSecond?: number | undefined;
  readonly halted?: boolean | undefined;
}

/** What somebody wants to have open on top of what it has. */
export interface NaiveWish {
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: 'buy' | 'sell';
  readonly moreLots: number;
  readonly isPost: boolean;
  readonly nowMs: number;
}

interface Open {
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: 'buy' | 'sell';
  lots: number;
}

interface SetLimit extends NaiveLimit {
  /** What it takes the place of. */
  readonly name: string;
  readonly instrumentId: number | undefined;
  /** How many events there were. */
  readonly since: number;
}

/** What limits must refuse, worked out from the whole history each time anybody asks. */
export class NaiveRisk {
  private readonly limits = new Map<number, SetLimit[]>();

  constructor(private readonly events: () => readonly RecordedEvent[]) {}

  /** In an instrument, or (undefined) all together, in place of those of the same name. */
  setLimit(participantId: number, name: string, instrumentId: number | undefined, limit: NaiveLimit): void {
    const others = (this.limits.get(participantId) ?? []).filter((each) => each.name !== name);
    this.limits.set(participantId, [...others, { ...limit, name, instrumentId, since: this.events().length }]);
  }

  /** What is open, by intention. */
  open(): Map<number, Open> {
    const open = new Map<number, Open>();
    const take = (id: number, lots: number): void => {
      const found = open.get(id);
      if (found !== undefined) found.lots -= lots;
    };
    for (const { event } of this.events()) {
      switch (event.type) {
        case 'IntentionPosted':
          open.set(event.intentionId, { ...event, lots: event.quantityLots });
          break;
        case 'DealConfirmed':
          take(event.initiatorId, event.quantityLots);
          take(event.responderId, event.quantityLots);
          break;
        case 'IntentionReduced':
          take(event.intentionId, event.byLots);
          break;
        case 'IntentionAmended':
          take(event.intentionId, (open.get(event.intentionId)?.lots ?? 0) - event.openLots);
          break;
        case 'IntentionWithdrawn':
        case 'IntentionExpired':
          open.delete(event.intentionId);
          break;
        default:
      }
    }
    return new Map([...open].filter(([, { lots }]) => lots > 0));
  }

  /** Bought less sold. */
  netLots(participantId: number, instrumentId: number): number {
    let net = 0;
    for (const { event } of this.events()) {
      if (event.type !== 'DealConfirmed' || event.instrumentId !== instrumentId) continue;
      const sign = event.initiatorSide === 'buy' ? 1 : -1;
      if (event.initiatorParticipantId === participantId) net += sign * event.quantityLots;
      if (event.responderParticipantId === participantId) net -= sign * event.quantityLots;
    }
    return net;
  }

  /** The code with which it must be refused. */
  refusal(wish: NaiveWish): string | undefined {
    const { participantId, instrumentId, side, moreLots, isPost, nowMs } = wish;
    const holding = (this.limits.get(participantId) ?? []).filter(
      (limit) => limit.instrumentId === undefined || limit.instrumentId === instrumentId,
    );
    if (holding.some(({ halted }) => halted === true)) return 'HALTED';
    const isSpent = (limit: SetLimit): boolean =>
      limit.perSecond !== undefined && this.postsCountedBy(limit, participantId, nowMs) >= limit.perSecond;
    if (isPost && holding.some(isSpent)) return 'LIMIT_RATE';
    if (moreLots <= 0) return undefined;
    const own = [...this.open().values()].filter(
      (each) => each.participantId === participantId && each.instrumentId === instrumentId,
    );
    const sum = (some: readonly Open[]): number => some.reduce((total, { lots }) => total + lots, moreLots);
    if (holding.some(({ openLots }) => openLots !== undefined && sum(own) > openLots)) return 'LIMIT_OPEN_QUANTITY';
    const net = this.netLots(participantId, instrumentId) * (side === 'buy' ? 1 : -1);
    const worst = net + sum(own.filter((each) => each.side === side));
    const isBeyond = ({ netLots }: SetLimit): boolean => netLots !== undefined && worst > netLots;
    return holding.some(isBeyond) ? 'LIMIT_NET_POSITION' : undefined;
  }

  private postsCountedBy({ instrumentId, since }: SetLimit, participantId: number, nowMs: number): number {
    const counts = ({ event, position }: RecordedEvent): boolean =>
      event.type === 'IntentionPosted' &&
      position >= since &&
      event.participantId === participantId &&
      (instrumentId === undefined || event.instrumentId === instrumentId) &&
      Math.floor(event.atMs / 1_000) === Math.floor(nowMs / 1_000);
    return this.events().filter(counts).length;
  }
}
