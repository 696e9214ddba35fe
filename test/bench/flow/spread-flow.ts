/**
 * The order flow of the benchmarks over many instruments and participants: the same short block in each instrument, so that every
 * intention meets the same there however many instruments there are, and only where its memory lies differs.
 */
import { type FlowBlock, Kind, makeFlow } from './flow.js';
import { FlowRandom } from './flow-random.js';

const SEED = 20_260_229;
const SHORT_POSTS = 128;

export interface Spread {
  /** Each of them plays its block once; the block of one instrument is as long: that of one many times, one after the other. */
  readonly instruments: number;
  /** Who posts is drawn from so many. */
  readonly participants: number;
}

/** How often the short block is played in all: as many instruments as there can be. */
export const COPIES = 10_000;

export function makeSpreadFlow({ instruments, participants }: Spread, copies = COPIES): FlowBlock {
  const short = makeFlow(SHORT_POSTS);
  const random = new FlowRandom(SEED);
  const order = turnsOf(copies, short.commands, instruments > 1 ? random : undefined);
  const commands = order.length;
  const block = {
    posts: copies * short.posts,
    commands,
    kinds: new Uint8Array(commands),
    priceTicks: new Int32Array(commands),
    lots: new Uint8Array(commands),
    participants: new Int32Array(commands),
    intentions: new Int32Array(commands),
    instruments: Uint16Array.from(order, (copy) => 1 + (copy % instruments)),
    shape: { ...short.shape, deals: copies * short.shape.deals, withdrawals: copies * short.shape.withdrawals },
  };
  const played = new Int32Array(copies);
  /** The number in the whole block of each intention of each copy. */
  const numbers = new Int32Array(block.posts);
  let posted = 0;
  order.forEach((copy, at) => {
    const from = played[copy] as number; // there are so many copies
    played[copy] = from + 1;
    const kind = short.kinds[from] as number; // a copy is played once, here and below
    const place = copy * short.posts + (short.intentions[from] as number);
    if (kind !== Kind.Withdraw) numbers[place] = posted++;
    block.kinds[at] = kind;
    block.priceTicks[at] = short.priceTicks[from] as number;
    block.lots[at] = short.lots[from] as number;
    block.participants[at] = random.below(participants);
    block.intentions[at] = numbers[place] as number; // it was posted before it is withdrawn
  });
  return block;
}

/** Whose turn it is at each command: one copy after the other, or all of them mixed at random. */
function turnsOf(copies: number, commands: number, random: FlowRandom | undefined): Uint16Array {
  const order = Uint16Array.from({ length: copies * commands }, (_, at) => Math.floor(at / commands));
  if (random === undefined) return order;
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    const copy = order[at] as number; // at is in range, and so is what is drawn below it
    order[at] = order[other] as number;
    order[other] = copy;
  }
  return order;
}
