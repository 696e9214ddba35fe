import type { Subscribe } from './channels.js';
import type { ParleyError } from '../wire/error.js';

/** A subscription, and how far it has come. */
export class OpenSubscription {
  /** What tells it apart from others. */
  readonly key: string;
  #after: number | undefined;

  constructor(
    private readonly first: Subscribe,
    private readonly handler: (message: never) => void,
    readonly onEnded: (error: ParleyError) => void,
  ) {
    const { after: _after, rate: _rate, ...place } = first as Subscribe & { after?: number; rate?: string }; // of a channel that has them
    this.key = JSON.stringify(place, Object.keys(place).sort());
  }

  /** What is to be asked for now: what comes after the last message. */
  get wish(): Subscribe {
    const resumes =
      this.#after !== undefined &&
      (this.first.channel === 'trades' || this.first.channel === 'own' || this.first.channel === 'events');
    return resumes ? ({ ...this.first, after: this.#after } as Subscribe) : this.first; // those channels have it
  }

  isOf({ channel, instrument }: { readonly channel?: string; readonly instrument?: string }): boolean {
    if (channel !== this.first.channel) return false;
    return !('instrument' in this.first) || this.first.instrument === instrument;
  }

  take(message: { readonly position?: number }): void {
    this.#after = message.position ?? this.#after;
    this.handler(message as never); // the server keeps channels apart
  }
}
