import type { StreamFold } from '../../../../projections/streams/stream-fold.js';
import { listenerFor } from '../listener.js';
import type { StreamReader } from '../stream-reader.js';
import type { StreamWish } from '../stream-source.js';
import { type OnNews, Topic } from './topic.js';

/** Trades, or what happens to a participant: a message for each event that is about it, so that a reader may come back to any position. */
export class EventTopic extends Topic {
  private readonly unlisten: () => void;

  constructor(
    private readonly fold: StreamFold,
    private readonly wish: StreamWish,
    onNews: OnNews,
  ) {
    super(fold.foldedTo, onNews);
    this.unlisten = fold.listen(listenerFor(wish, (message) => this.say(message)));
  }

  welcome(reader: StreamReader): boolean {
    if (this.floor > reader.from) {
      this.expected.add(reader);
      return false;
    }
    this.join(reader);
    return true;
  }

  /** Says how far it is, where it has said nothing since. */
  override second(): void {
    const { foldedTo } = this.fold;
    if (this.wish.channel !== 'own' || this.readers.size === 0 || this.lastPosition >= foldedTo - 1) return;
    this.say(this.fold.placed({ channel: 'own', type: 'upTo', position: foldedTo }), foldedTo - 1);
  }

  end(): void {
    this.unlisten();
  }
}
