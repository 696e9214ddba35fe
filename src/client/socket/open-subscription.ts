import type { Subscribe } from './channels.js';
import type { ParleyError } from '../wire/error.js';

/** What of a message tells whose it is, and where it stands. */
interface Message {
  readonly channel?: string;
  readonly type?: string;
  readonly position?: number;
  readonly instrument?: string;
  readonly shard?: number;
}

/** A subscription, and how far it has come. */
export class OpenSubscription {
  /** What tells it apart from others. */
  readonly key: string;
  /** What is to be asked for now: what comes after the last message. */
  wish: Subscribe;
  /** Asked for, and not answered yet: sent again with all that is not answered. */
  isAsked = false;

  constructor(
    wish: Subscribe,
    private readonly handler: (message: never) => void,
    readonly onEnded: (error: ParleyError) => void,
  ) {
    this.wish = wish;
    const { from: _from, rate: _rate, ...place } = wish as Subscribe & { from?: number; rate?: string }; // of a channel that has them
    this.key = JSON.stringify(place, Object.keys(place).sort());
  }

  isOf({ channel, instrument, shard }: Message): boolean {
    const { wish } = this;
    if (channel !== wish.channel) return false;
    if ('instrument' in wish) return wish.instrument === instrument;
    return !('shard' in wish) || shard === undefined || wish.shard === shard;
  }

  take(message: Message): void {
    const { channel } = this.wish;
    const { type, position } = message;
    if (position !== undefined && channel !== 'book' && channel !== 'ticker') {
      // That nothing happened before a position leaves what happens there.
      this.wish = { ...this.wish, from: type === 'upTo' ? position : position + 1 };
    }
    this.handler(message as never); // the server keeps channels apart
  }
}
