/**
 * What an event and the command that it records have in common, as a text: who finds the same text on both has found a pair. Prices
 * and quantities are in it, so that two replacements of one intention are distinguished.
 */
import { stepsOf, textOfSteps, textOfUnits } from './naive/decimals.js';
import type { Command, LogEvent } from './history.js';

/** The events that a command may record. To reduce by all that is left is to withdraw. */
export function placesOf(command: Command): readonly string[] {
  switch (command.kind) {
    case 'post':
      return [`post ${command.body.participant} ${command.body.clientIntentionId}`];
    case 'withdraw':
      return [`withdraw ${command.id}`];
    case 'reduce':
      return [`reduce ${command.id} ${command.by}`, `reduce by all ${command.id} ${command.by}`];
    case 'replace':
      return [`replace ${command.id} ${command.price} ${command.quantity}`];
    case 'list': {
      const { tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade } = command.body;
      const band = [stepsOf(minPrice, tickSize), stepsOf(maxPrice, tickSize)].join(' ');
      return [`list ${command.symbol} ${tickSize} ${lotSize} ${band} ${priceRule} ${selfTrade}`];
    }
    case 'phase':
      return [`phase ${command.symbol} ${command.phase}`];
    case 'uncross':
      return [`uncross ${command.symbol}`];
  }
}

interface Steps {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
}

/** Tells the place of an event: it knows by the log itself what the numbers in it mean. */
export class Places {
  private readonly listed = new Map<number, Steps>();
  private readonly participants = new Map<number, string>();
  private readonly instrumentOf = new Map<number, number>();
  /** What was left of an intention when it was withdrawn, in lots, by its id. */
  private readonly left = new Map<number, number>();

  constructor(log: readonly LogEvent[]) {
    for (const event of log) this.hear(event);
  }

  private hear(event: LogEvent): void {
    const { type, instrumentId, participantId, name } = event;
    const id = Number(event.intentionId);
    const left = this.left.get(id) ?? 0;
    if (type === 'InstrumentListed') this.listed.set(Number(instrumentId), stepsIn(event));
    else if (type === 'ParticipantAdmitted') this.participants.set(Number(participantId), String(name));
    else if (type === 'IntentionPosted') {
      this.instrumentOf.set(id, Number(instrumentId));
      this.left.set(id, Number(event.quantityLots));
    } else if (type === 'DealSettled') this.left.set(id, left - Number(event.quantityLots));
    else if (type === 'IntentionReduced') this.left.set(id, left - Number(event.byLots));
    else if (type === 'IntentionAmended') this.left.set(id, Number(event.openLots));
  }

  /** An event may have several: that of each command that may have recorded it. */
  of(event: LogEvent): readonly string[] {
    const id = Number(event.intentionId);
    const { symbol, tickSize, lotSize } = this.stepsOf(Number(event.instrumentId ?? this.instrumentOf.get(id)));
    switch (event.type) {
      case 'IntentionPosted':
        return [`post ${this.participants.get(Number(event.participantId)) ?? ''} ${String(event.clientIntentionId)}`];
      case 'IntentionWithdrawn':
        return [`withdraw ${id}`, `reduce by all ${id} ${textOfSteps(this.left.get(id) ?? 0, lotSize)}`];
      case 'IntentionReduced':
        return [`reduce ${id} ${textOfSteps(Number(event.byLots), lotSize)}`];
      case 'IntentionAmended':
        return [
          `replace ${id} ${textOfSteps(Number(event.priceTicks), tickSize)} ${textOfSteps(Number(event.openLots), lotSize)}`,
        ];
      case 'InstrumentListed': {
        const rules = [event.minPriceTicks, event.maxPriceTicks, event.priceRule, event.selfTrade]
          .map(String)
          .join(' ');
        return [`list ${symbol} ${tickSize} ${lotSize} ${rules}`];
      }
      case 'PhaseChanged':
        return [`phase ${symbol} ${String(event.phase)}`];
      case 'AuctionUncrossed':
        return [`uncross ${symbol}`];
      default:
        return [event.type];
    }
  }

  private stepsOf(instrumentId: number): Steps {
    return this.listed.get(instrumentId) ?? { symbol: '', tickSize: '1', lotSize: '1' };
  }
}

function stepsIn({ symbol, priceDecimals, tickSize, quantityDecimals, lotSize }: LogEvent): Steps {
  return {
    symbol: String(symbol),
    tickSize: textOfUnits(BigInt(Number(tickSize)), Number(priceDecimals)),
    lotSize: textOfUnits(BigInt(Number(lotSize)), Number(quantityDecimals)),
  };
}
