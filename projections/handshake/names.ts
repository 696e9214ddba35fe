import { positionText } from '../../src/log/position-text.js';
import { formatPrice, formatQuantity } from '../../src/domain/instrument.js';
import type { DirectoryFold } from '../directory/directory.js';
import { shownInstrument } from '../directory/views.js';

/** How numbers are shown to people: names for who and what, decimals for ticks and lots. */
export interface Names {
  participant(participantId: number): string;
  symbol(instrumentId: number): string;
  price(instrumentId: number, priceTicks: number): string;
  quantity(instrumentId: number, quantityLots: number): string;
  /** A log position, with its shard where there are several. */
  position(position: number): string;
}

/** The names that the log itself gives. `shard`: positions are shown with it. */
export function directoryNames(directory: DirectoryFold, shard?: number): Names {
  return {
    participant: (participantId) => directory.participantName(participantId),
    symbol: (instrumentId) => shownInstrument(directory, instrumentId).symbol,
    price: (instrumentId, ticks) => formatPrice(shownInstrument(directory, instrumentId), ticks),
    quantity: (instrumentId, lots) => formatQuantity(shownInstrument(directory, instrumentId), lots),
    position: (position) => positionText(position, shard),
  };
}
