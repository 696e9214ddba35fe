/**
 * Which member a client asks next, and how long it waits for the answer: it keeps to one for a while, or asks another each time; now it
 * waits for one that stands still, now it goes on to another. A single server is always waited for.
 */
import type { Random } from '../../support/random.js';
import type { Asking } from './recorder.js';

const LONGEST_STAY = 60;
const SHORTEST_PATIENCE_MS = 600;
const LONGEST_PATIENCE_MS = 3_000;
/** Of who waits: far longer than a member is down or stands still. */
const WAITING_MS = 40_000;

export class MemberChoice {
  private member = 0;
  private left = 0;

  constructor(
    private readonly random: Random,
    private readonly members: number,
  ) {}

  next(): Asking {
    const { random, members } = this;
    if (members === 1) return {};
    if (this.left === 0) {
      this.member = random.below(members);
      this.left = random.chance(1, 2) ? 1 : random.between(2, LONGEST_STAY);
    }
    this.left--;
    const { member } = this;
    if (random.chance(1, 3)) return { member, patienceMs: WAITING_MS };
    return { member, patienceMs: random.between(SHORTEST_PATIENCE_MS, LONGEST_PATIENCE_MS) };
  }

  /** It did not answer: the next one is drawn. */
  leave(): void {
    this.left = 0;
  }
}
