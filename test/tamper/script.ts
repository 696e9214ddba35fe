/** Made-up traffic of several participants: the same seed gives the same commands, and so the same positions, on every log. */
import type { ParleyClient, PostIntention } from '../../src/client/index.js';
import { Random } from '../support/random.js';
import { onceServed, participants, symbols } from './market.js';
import type { Memory } from './memory.js';

const MID_TICKS = 100;
const SPREAD_TICKS = 4;
const MOST_LOTS = 9;

/**
 * One exchange's traffic. Two scripts of one seed and of different `lots` have the same commands with other quantities: their events
 * stand at the same positions, and no digest is the same.
 */
export class Script {
  private readonly random: Random;
  private posts = 0;

  /** Its client ids begin with `name`. */
  constructor(
    seed: number,
    private readonly name: string,
    private readonly lots = 1,
  ) {
    this.random = new Random(seed);
  }

  /** Posts so many intentions, one after the other, and withdraws some. All that is acknowledged is remembered. */
  async play(client: ParleyClient, memory: Memory, posts: number): Promise<void> {
    for (let post = 0; post < posts; post++) {
      const intention = this.next();
      memory.posted(intention, await client.postIntention(intention));
      if (this.random.chance(1, 6)) await this.withdrawOne(client, memory);
    }
  }

  next(): PostIntention {
    const { random } = this;
    return {
      clientIntentionId: `${this.name}-${this.posts++}`,
      participant: oneOf(participants, random),
      instrument: oneOf(symbols, random),
      side: random.chance(1, 2) ? 'buy' : 'sell',
      price: String(MID_TICKS - SPREAD_TICKS + random.below(2 * SPREAD_TICKS + 1)),
      quantity: String(this.lots * (1 + random.below(MOST_LOTS))),
      ...(random.chance(1, 8) ? { timeInForce: 'ioc' } : {}),
    };
  }

  private async withdrawOne(client: ParleyClient, memory: Memory): Promise<void> {
    const posts = [...memory.posts.values()];
    const id = posts[posts.length - 1 - this.random.below(Math.min(10, posts.length))]?.answer.id ?? '';
    memory.withdrawn.set(id, await onceServed(() => client.withdraw(id)));
  }
}

function oneOf<Value>(values: readonly Value[], random: Random): Value {
  return values[random.below(values.length)] as Value; // the index is below the length
}

/** Each once, in an order that is drawn. */
export function inDrawnOrder(names: readonly string[], random: Random): string[] {
  const left = [...names];
  return names.map(() => left.splice(random.below(left.length), 1)[0] ?? '');
}
