/**
 * What somebody says of a participant’s orders, fills and positions: a bot in its blotter, or the ledger. Each is a line of text, so that
 * two statements are compared by nothing that either has made.
 */
import fs from 'node:fs';

export interface Statement {
  /** How each order stands in the end, by its id. */
  readonly orders: ReadonlyMap<string, string>;
  /** One for each side of a deal that is the participant’s. */
  readonly fills: readonly string[];
  /** One for each instrument. */
  readonly positions: readonly string[];
}

interface OrderFields {
  readonly clientIntentionId: string;
  readonly instrument: string;
  readonly side: string;
  readonly status: string;
  readonly open: string;
  readonly filled: string;
}

interface FillFields {
  readonly deal: string;
  readonly order: string | undefined;
  readonly instrument: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
}

interface PositionFields {
  readonly instrument: string;
  readonly bought: string;
  readonly sold: string;
  readonly cash: string;
}

type Entry =
  | ({ readonly entry: 'order'; readonly id: string } & OrderFields)
  | ({ readonly entry: 'fill' } & FillFields)
  | ({ readonly entry: 'position' } & PositionFields);

/** Of a bot, from the file that it has written: as anybody would read it; with the lots of all its fills. */
export function readBlotter(file: string): Statement & { readonly lots: number } {
  const orders = new Map<string, string>();
  const fills: string[] = [];
  const positions: string[] = [];
  let lots = 0;
  for (const line of linesOf(file)) {
    const entry = JSON.parse(line) as Entry; // as examples/trading-bots/record.ts has it
    if (entry.entry === 'order') orders.set(entry.id, orderText(entry));
    else if (entry.entry === 'fill') {
      fills.push(fillText(entry));
      lots += Number(entry.quantity);
    } else positions.push(positionText(entry));
  }
  return { orders, fills, lots, positions };
}

/** Whole lines; none where there is no file yet. */
export function linesOf(file: string): readonly string[] {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

export function orderText({ clientIntentionId, instrument, side, status, open, filled }: OrderFields): string {
  return `${clientIntentionId} to ${side} ${instrument}: ${status}, ${open} open, ${filled} filled`;
}

export function fillText({ deal, order, instrument, side, price, quantity }: FillFields): string {
  return `deal ${deal}: order ${order}, ${side} ${quantity} ${instrument} at ${decimal(price)}`;
}

export function positionText({ instrument, bought, sold, cash }: PositionFields): string {
  return `${instrument}: bought ${decimal(bought)}, sold ${decimal(sold)}, cash ${decimal(cash)}`;
}

/** Without the zeros at its end, which some write and others do not. */
function decimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** What one says and the other does not, or says more often; and posts of the bot that the ledger has lost. */
export function differencesBetween(bot: Statement, ledger: Statement): readonly string[] {
  return [
    ...unequal(ordersIn(bot), ordersIn(ledger)),
    ...unequal(bot.fills, ledger.fills),
    ...unequal(bot.positions, ledger.positions),
    ...lostPosts(ledger),
  ];
}

function ordersIn({ orders }: Statement): readonly string[] {
  return [...orders].map(([id, order]) => `order ${id}, ${order}`);
}

function unequal(own: readonly string[], theirs: readonly string[]): readonly string[] {
  const surplus = new Map<string, number>();
  for (const text of own) surplus.set(text, (surplus.get(text) ?? 0) + 1);
  for (const text of theirs) surplus.set(text, (surplus.get(text) ?? 0) - 1);
  return [...surplus]
    .filter(([, times]) => times !== 0)
    .map(([text, times]) => `${times > 0 ? 'the record alone says' : 'the ledger alone says'} ${text}`);
}

/** A bot numbers its posts, and tries each until it is answered: none may be missing. */
function lostPosts({ orders }: Statement): readonly string[] {
  const numbers = [...orders.values()].map((order) => Number(/-(\d+) to /.exec(order)?.[1]));
  const posted = new Set(numbers);
  return Array.from({ length: Math.max(0, ...numbers) }, (_, index) => index + 1)
    .filter((number) => !posted.has(number))
    .map((number) => `post ${number} of the bot is not in the ledger`);
}
