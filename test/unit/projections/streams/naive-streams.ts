/** What streams say, worked out event by event from the events' JSON: slow, plain, and sharing nothing with what is tested. */
import type { Event } from '../../../../src/events/event.js';
import { eventsOfBatch, type EventBatch } from '../../../../src/events/fold.js';

interface Known {
  readonly clientIntentionId: string;
  readonly owner: string;
  readonly instrument: string;
  readonly side: string;
  quantity: number;
  filled: number;
  reserved: number;
  status: string;
}

type Message = Record<string, unknown>;

/** Instruments of tests have a tick of 1 and a lot of 1, so that numbers are their own decimals, but for `decimals`. */
export interface NaiveStreams {
  /** Of everybody, with `participant`. */
  readonly own: Message[];
  readonly trades: Message[];
}

function decimal(units: number, decimals: number): string {
  return (units / 10 ** decimals).toFixed(decimals);
}

export function naiveStreams(batches: readonly EventBatch[]): NaiveStreams {
  const streams: NaiveStreams = { own: [], trades: [] };
  const names = new Map<number, string>();
  const listed = new Map<number, Extract<Event, { type: 'InstrumentListed' }>>();
  const known = new Map<number, Known>();
  /** By deal, what each side of it holds, and its decision. */
  const promises = new Map<string, Map<number, number>>();
  const confirmed = new Map<string, Extract<Event, { type: 'DealConfirmed' }>>();
  const decided = new Set<string>();
  let at = 0;
  const price = (instrumentId: number, ticks: number): string => {
    const { tickSize = 1, priceDecimals = 0 } = listed.get(instrumentId) ?? {};
    return decimal(ticks * tickSize, priceDecimals);
  };
  const lots = (instrumentId: number, count: number): string => {
    const { lotSize = 1, quantityDecimals = 0 } = listed.get(instrumentId) ?? {};
    return decimal(count * lotSize, quantityDecimals);
  };
  const instrumentOf = new Map<number, number>();
  for (const batch of batches) {
    for (const { position, event } of eventsOfBatch(batch)) {
      if ('atMs' in event) at = event.atMs;
      const time = new Date(at).toISOString();
      const say = (id: number, type: string, more: Message): void => {
        const one = known.get(id);
        if (one === undefined) return;
        const instrumentId = instrumentOf.get(id) ?? 0;
        const open = one.status === 'open' ? one.quantity - one.filled : one.reserved;
        streams.own.push({
          ...{ channel: 'own', type, position, at: time, participant: one.owner, id: String(id) },
          ...{
            clientIntentionId: one.clientIntentionId,
            instrument: one.instrument,
            side: one.side,
            status: one.status,
          },
          ...{ open: lots(instrumentId, open), reserved: lots(instrumentId, one.reserved) },
          ...{ filled: lots(instrumentId, one.filled), ...more },
        });
      };
      const forget = (id: number): void => {
        const one = known.get(id);
        if (one !== undefined && one.status !== 'open' && one.reserved === 0) known.delete(id);
      };
      const promise = (id: number, deal: string, ticks: number, count: number): void => {
        const one = known.get(id);
        const held = promises.get(deal) ?? new Map<number, number>();
        if (held.has(id)) return;
        promises.set(deal, held.set(id, count));
        if (one === undefined) return;
        one.reserved += count;
        const instrumentId = instrumentOf.get(id) ?? 0;
        say(id, 'reserved', { deal, price: price(instrumentId, ticks), quantity: lots(instrumentId, count) });
      };
      const sayOf = (participantId: number, type: string, more: Message): void => {
        const participant = names.get(participantId) ?? '';
        streams.own.push({ channel: 'own', type, position, at: time, participant, ...more });
      };
      switch (event.type) {
        case 'PostRefused': {
          const { clientIntentionId, code } = event;
          const instrument = listed.get(event.instrumentId)?.symbol;
          sayOf(event.participantId, 'refused', { clientIntentionId, instrument, code });
          break;
        }
        case 'SwitchSet': {
          const { withinMs, lapsesAtMs } = event;
          const lapses = withinMs === 0 ? {} : { lapsesAt: new Date(lapsesAtMs).toISOString() };
          sayOf(event.participantId, 'switchSet', { withinMs, ...lapses });
          break;
        }
        case 'SwitchLapsed':
          sayOf(event.participantId, 'switchLapsed', {});
          break;
        case 'LimitsSet': {
          const instrument = listed.get(event.instrumentId)?.symbol;
          const { openQuantity, netPosition, intentionsPerSecond, halted } = event;
          const given = { instrument, openQuantity, netPosition, intentionsPerSecond, halted };
          const isThere = ([, value]: [string, unknown]): boolean => value !== '' && value !== 0 && value !== undefined;
          sayOf(event.participantId, 'limitsSet', Object.fromEntries(Object.entries(given).filter(isThere)));
          break;
        }
        case 'ParticipantAdmitted':
          names.set(event.participantId, event.name);
          break;
        case 'InstrumentListed':
          listed.set(event.instrumentId, event);
          break;
        case 'IntentionPosted': {
          const { intentionId: id, instrumentId } = event;
          instrumentOf.set(id, instrumentId);
          known.set(id, {
            clientIntentionId: event.clientIntentionId,
            owner: names.get(event.participantId) ?? '',
            instrument: listed.get(instrumentId)?.symbol ?? '',
            side: event.side,
            ...{ quantity: event.quantityLots, filled: 0, reserved: 0, status: 'open' },
          });
          const quantity = lots(instrumentId, event.quantityLots);
          const limit = event.pricing === 'limit' ? price(instrumentId, event.priceTicks) : undefined;
          const intention = {
            type: event.pricing,
            price: limit,
            quantity,
            timeInForce: event.timeInForce,
            postedAt: time,
          };
          say(id, 'posted', { intention });
          break;
        }
        case 'ProposalMade':
          promise(event.intentionId, `${event.intentionId}-${event.dealNumber}`, event.priceTicks, event.quantityLots);
          break;
        case 'ProposalAccepted':
          promise(event.intentionId, `${event.initiatorId}-${event.dealNumber}`, event.priceTicks, event.quantityLots);
          break;
        case 'DealConfirmed': {
          const deal = `${event.initiatorId}-${event.dealNumber}`;
          if (decided.has(deal)) break;
          decided.add(deal);
          confirmed.set(deal, event);
          streams.trades.push({
            ...{ channel: 'trades', type: 'trade', position, at: time },
            instrument: listed.get(event.instrumentId)?.symbol,
            price: price(event.instrumentId, event.priceTicks),
            quantity: lots(event.instrumentId, event.quantityLots),
            takerSide: event.initiatorSide === 'buy' ? 'sell' : 'buy',
          });
          break;
        }
        case 'DealAborted':
          decided.add(`${event.initiatorId}-${event.dealNumber}`);
          break;
        case 'DealSettled': {
          const { intentionId: id, initiatorId } = event;
          const deal = `${initiatorId}-${event.dealNumber}`;
          const one = known.get(id);
          const held = promises.get(deal)?.get(id) ?? 0;
          promises.get(deal)?.delete(id);
          if (one === undefined) break;
          one.reserved -= held;
          one.filled += event.quantityLots;
          if (one.status === 'open' && one.filled >= one.quantity) one.status = 'filled';
          const instrumentId = instrumentOf.get(id) ?? 0;
          const { initiatorParticipantId = 0, responderParticipantId = 0 } = confirmed.get(deal) ?? {};
          if (event.outcome === 'confirmed') {
            say(id, 'dealt', {
              ...{
                deal,
                price: price(instrumentId, event.priceTicks),
                quantity: lots(instrumentId, event.quantityLots),
              },
              takerSide: id === initiatorId ? (one.side === 'buy' ? 'sell' : 'buy') : one.side,
              counterparty: names.get(id === initiatorId ? responderParticipantId : initiatorParticipantId),
            });
          } else if (held > 0) {
            say(id, 'released', { deal });
          }
          forget(id);
          break;
        }
        case 'IntentionReduced': {
          const one = known.get(event.intentionId);
          if (one === undefined) break;
          one.quantity -= event.byLots;
          if (one.status === 'open' && one.filled >= one.quantity) one.status = 'filled';
          say(event.intentionId, 'reduced', { by: lots(instrumentOf.get(event.intentionId) ?? 0, event.byLots) });
          forget(event.intentionId);
          break;
        }
        case 'IntentionAmended': {
          const one = known.get(event.intentionId);
          if (one === undefined) break;
          one.quantity = one.filled + event.openLots;
          say(event.intentionId, 'amended', {
            price: price(instrumentOf.get(event.intentionId) ?? 0, event.priceTicks),
          });
          break;
        }
        case 'IntentionWithdrawn':
        case 'IntentionExpired': {
          const one = known.get(event.intentionId);
          if (one?.status === 'open') one.status = event.type === 'IntentionExpired' ? 'expired' : 'withdrawn';
          if (event.type === 'IntentionExpired') say(event.intentionId, 'expired', {});
          else say(event.intentionId, 'withdrawn', { reason: event.reason });
          forget(event.intentionId);
          break;
        }
        default:
      }
    }
  }
  return streams;
}
