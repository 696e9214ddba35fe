/** What a sentence about an event is made of: plain words, and things that have a name or lead somewhere. */
import { formatPrice, formatQuantity } from '../../../domain/instrument.js';
import type { LogNames, Steps } from './names.js';

export type Part = string | Thing;

export interface Thing {
  readonly kind: 'intention' | 'deal' | 'participant' | 'instrument' | 'amount' | 'code';
  readonly text: string;
  /** False where the log’s number is shown because the name, or the decimals, are not known. */
  readonly isKnown: boolean;
}

export type Sentence = readonly Part[];

/** The parts of a sentence about the events of one shard, as far as names are known. */
export class Words {
  constructor(private readonly names: LogNames) {}

  participant(id: number): Thing {
    return named('participant', this.names.participant(id), `participant ${id}`);
  }

  instrument(id: number): Thing {
    return named('instrument', this.names.instrument(id)?.symbol, `instrument ${id}`);
  }

  price(instrumentId: number, ticks: number): Thing {
    return priceBy(this.names.instrument(instrumentId), ticks);
  }

  quantity(instrumentId: number, lots: number): Thing {
    return quantityBy(this.names.instrument(instrumentId), lots);
  }

  link(intentionId: number): Thing {
    return { kind: 'intention', text: String(intentionId), isKnown: true };
  }

  /** `7 (alice)`. */
  intention(id: number): Sentence {
    const link = this.link(id);
    const owner = this.names.participantOf(id);
    return owner === undefined ? [link] : [link, ' (', { kind: 'participant', text: owner, isKnown: true }, ')'];
  }

  deal(initiatorId: number, dealNumber: number): Thing {
    return { kind: 'deal', text: `${initiatorId}-${dealNumber}`, isKnown: true };
  }

  /** In the steps of an intention’s instrument. */
  quantityOf(intentionId: number, lots: number): Thing {
    return quantityBy(this.names.instrumentOf(intentionId), lots);
  }

  priceOf(intentionId: number, ticks: number): Thing {
    return priceBy(this.names.instrumentOf(intentionId), ticks);
  }

  /** ` of ACME`; nothing where that is not known. */
  ofInstrumentOf(intentionId: number): Sentence {
    const symbol = this.names.instrumentOf(intentionId)?.symbol;
    return symbol === undefined ? [] : [' of ', { kind: 'instrument', text: symbol, isKnown: true }];
  }

  code(text: string): Thing {
    return { kind: 'code', text, isKnown: true };
  }
}

function named(kind: Thing['kind'], name: string | undefined, otherwise: string): Thing {
  return { kind, text: name ?? otherwise, isKnown: name !== undefined };
}

function priceBy(steps: Steps | undefined, ticks: number): Thing {
  if (steps === undefined) return { kind: 'amount', text: counted(ticks, 'tick'), isKnown: false };
  return { kind: 'amount', text: formatPrice(steps, ticks), isKnown: true };
}

function quantityBy(steps: Steps | undefined, lots: number): Thing {
  if (steps === undefined) return { kind: 'amount', text: counted(lots, 'lot'), isKnown: false };
  return { kind: 'amount', text: formatQuantity(steps, lots), isKnown: true };
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** The sentence without its links. */
export function plain(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}
