import type { OwnMessage } from '../../../client/own/own-types.js';
import type { Intention } from '../../../client/types.js';
import { plus } from '../../parts/exact.js';

/**
 * The open intentions of one participant in one instrument: an account’s, and what its stream says after that.
 *
 * 1. What is of others or of other instruments changes nothing.
 */
export class OwnFold {
  private readonly open = new Map<string, Intention>();

  constructor(
    private readonly participant: string,
    private readonly instrument: string,
    intentions: readonly Intention[],
  ) {
    for (const intention of intentions) if (this.isOwn(intention)) this.open.set(intention.id, intention);
  }

  /** In the order of their ids. */
  get list(): readonly Intention[] {
    return [...this.open.values()];
  }

  /** Whether it changed anything. */
  take(message: OwnMessage): boolean {
    if (message.type === 'posted') {
      if (!this.isOwn(message.intention)) return false;
      this.put(message.intention);
      return true;
    }
    if (!('status' in message)) return false;
    const known = this.open.get(message.id);
    if (known === undefined) return false;
    const { status, open, reserved, filled } = message;
    const price = message.type === 'amended' ? { price: message.price } : {};
    this.put({ ...known, status, open, reserved, filled, ...price });
    return true;
  }

  private put(intention: Intention): void {
    if (intention.status === 'open') this.open.set(intention.id, intention);
    else this.open.delete(intention.id);
  }

  private isOwn({ participant, instrument }: Intention): boolean {
    return participant === this.participant && instrument === this.instrument;
  }
}

/** How much of one’s own stands at each price, by `buy 10.25`. */
export function ownLevels(intentions: readonly Intention[]): ReadonlyMap<string, string> {
  const levels = new Map<string, string>();
  for (const { side, price, open } of intentions) {
    if (price === undefined) continue;
    const key = `${side} ${price}`;
    levels.set(key, plus(levels.get(key) ?? '0', open));
  }
  return levels;
}
