import type { ParleyError } from '../../client/wire/error.js';
import type { Channel, MessageOf, Subscribe } from '../../client/socket/channels.js';
import type { ParleySocket } from '../../client/socket/socket.js';

export interface Following<Name extends Channel> {
  /** Asked for whenever it is subscribed: of a stream that begins somewhere, what comes after the last message. */
  readonly wish: () => Subscribe & { readonly channel: Name };
  readonly take: (message: MessageOf<Name>) => void;
  /** Told when the exchange will not have it, or no more. */
  readonly failed?: (error: ParleyError) => void;
}

/** By socket and name: when the subscription before has been answered, which cannot be ended earlier. */
const opened = new WeakMap<ParleySocket, Map<string, Promise<void>>>();
const AGAIN_MS = 1_000;

/**
 * Follows a stream until the function that it returns is called, and begins again where the exchange ended it because the page was too
 * slow. The same stream may be followed again at once, whether or not the exchange has answered by then.
 */
export function follow<Name extends Channel>(socket: ParleySocket, following: Following<Name>): () => void {
  let isOver = false;
  const isWanted = (): boolean => !isOver;
  let end: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = (error: ParleyError): void => {
    if (isOver) return;
    if (error.isTransient || error.code === 'TOO_SLOW') timer = setTimeout(begin, AGAIN_MS);
    else following.failed?.(error);
  };
  const subscribe = async (): Promise<void> => {
    if (isOver) return;
    try {
      const take = (message: MessageOf<Name>): void => {
        if (!isOver) following.take(message);
      };
      end = await socket.subscribe(following.wish(), take, ended);
      if (!isWanted()) end(); // it may have been ended while it was answered
    } catch (error) {
      ended(error as ParleyError); // a subscription rejects with nothing else
    }
  };
  const begin = (): void => queued(socket, nameOf(following.wish()), subscribe);
  begin();
  return () => {
    isOver = true;
    clearTimeout(timer);
    end();
  };
}

function queued(socket: ParleySocket, name: string, act: () => Promise<void>): void {
  const names = opened.get(socket) ?? new Map<string, Promise<void>>();
  opened.set(socket, names);
  names.set(name, (names.get(name) ?? Promise.resolve()).then(act));
}

function nameOf(wish: Subscribe): string {
  const {
    instrument = '',
    participant = '',
    shard = '',
  } = wish as {
    readonly instrument?: string;
    readonly participant?: string;
    readonly shard?: number;
  }; // of a channel that has them
  return JSON.stringify([wish.channel, instrument, participant, shard]);
}
