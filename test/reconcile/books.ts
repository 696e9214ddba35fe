/** What a participant's program knows of its own affairs, as its stream tells it; kept on its disk, as it were: it outlives the program. */
import type { Account, Deal, OwnMessage } from '../../src/client/index.js';
import { Violation } from '../crash/violation.js';

/** Prices and quantities are whole numbers in this market, so sums are exact. */
interface Held {
  bought: number;
  sold: number;
  cash: number;
}

export class OwnBooks {
  /** All events before this log position are in. */
  position = 0;
  /** Positions of the messages, in the order in which they came. */
  readonly positions: number[] = [];
  readonly deals = new Set<string>();
  private readonly open = new Map<string, string>();
  private readonly held = new Map<string, Held>();

  /** Why the program ended that kept them. */
  failure: Error | undefined;

  constructor(readonly participant: string) {}

  failed(error: unknown): void {
    this.failure ??=
      error instanceof Error ? error : new Error('something that is no error was thrown', { cause: error });
  }

  mustBeGood(): void {
    if (this.failure !== undefined)
      throw new Violation(`${this.participant}: its program ended: ${this.failure.message}`);
  }

  take(message: OwnMessage): void {
    if (message.type === 'upTo') {
      if (message.position > this.position) this.position = message.position;
      return;
    }
    const last = this.positions.at(-1) ?? -1;
    if (message.position <= last)
      throw new Violation(`${this.participant}: position ${message.position} comes after ${last}`);
    this.positions.push(message.position);
    this.position = message.position + 1;
    if (!('id' in message)) return;
    if (message.type === 'dealt') this.deal(message);
    if (message.status === 'open') this.open.set(message.id, `${message.open}/${message.reserved}/${message.filled}`);
    else this.open.delete(message.id);
  }

  /** Throws Violation where the account, at the very position of these books, says anything else. */
  mustEqual(account: Account, deals: readonly Deal[]): void {
    const theirs = new Map(
      account.intentions.map(({ id, open, reserved, filled }) => [id, `${open}/${reserved}/${filled}`]),
    );
    this.mustBeSame('open intentions', sorted(this.open), sorted(theirs));
    const held = new Map(
      account.positions.map(({ instrument, bought, sold, cash }) => [
        instrument,
        heldText({ bought: Number(bought), sold: Number(sold), cash: Number(cash) }),
      ]),
    );
    this.mustBeSame(
      'positions',
      sorted(new Map([...this.held].map(([symbol, each]) => [symbol, heldText(each)]))),
      sorted(held),
    );
    this.mustBeSame('deals', [...this.deals].sort(), deals.map(({ id }) => id).sort());
  }

  mustBeSame(what: string, own: unknown, theirs: unknown): void {
    const [one, other] = [JSON.stringify(own), JSON.stringify(theirs)];
    if (one !== other)
      throw new Violation(`${this.participant} at ${this.position}: ${what} of the stream ${one}, elsewhere ${other}`);
  }

  private deal({ deal, instrument, side, price, quantity }: Extract<OwnMessage, { type: 'dealt' }>): void {
    const held = this.held.get(instrument) ?? { bought: 0, sold: 0, cash: 0 };
    this.held.set(instrument, held);
    this.deals.add(deal);
    const sign = side === 'buy' ? 1 : -1;
    if (side === 'buy') held.bought += Number(quantity);
    else held.sold += Number(quantity);
    held.cash -= sign * Number(price) * Number(quantity);
  }
}

function heldText({ bought, sold, cash }: Held): string {
  return `+${bought} -${sold} ${cash}`;
}

function sorted(map: ReadonlyMap<string, string>): (readonly [string, string])[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}
