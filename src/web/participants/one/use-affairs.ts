import { useEffect, useState } from 'preact/hooks';
import type { OwnMessage } from '../../../client/own/own-types.js';
import { socket } from '../../app/exchange.js';
import { isLive, source } from '../../app/moment.js';
import { Frames } from '../../parts/frames.js';
import { type Look, useLook } from '../../parts/look.js';
import { type Affairs, AffairsFold, type Place } from './affairs.js';
import { readAffairs } from './read-affairs.js';

const AGAIN_MS = 500;

/** A participant’s affairs at the moment at which the page stands; live, as they change. */
export function useAffairs(participant: string): Look<Affairs> {
  const look = useLook(`affairs of ${participant}`, (from, asked) => readAffairs(from, participant, asked));
  const { value: base, isStale, again } = look;
  const [live, setLive] = useState<{ readonly base: Affairs; readonly affairs: Affairs }>();
  const isFollowed = isLive.value && source.value.kind === 'server' && !isStale;
  const connection = socket.value;
  useEffect(() => {
    if (base === undefined || !isFollowed) return undefined;
    const fold = new AffairsFold(base);
    const frames = new Frames(() => setLive({ base, affairs: fold.affairs }));
    const take = (message: OwnMessage): void => {
      fold.take(message);
      if (message.type !== 'upTo') frames.want();
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ended = (): void => {
      clearTimeout(timer);
      if (!isOver) timer = setTimeout(again, AGAIN_MS);
    };
    const leaves = base.places.map((place) => follow(place, participant, take, ended));
    return () => {
      isOver = true;
      clearTimeout(timer);
      frames.end();
      for (const leave of leaves) leave();
    };
  }, [base, isFollowed, connection]);
  return { ...look, value: live !== undefined && live.base === base ? live.affairs : base };
}

/** One after the other: two subscriptions to own streams at once could not be told apart. */
let joined: Promise<void> = Promise.resolve();

/** A participant’s own stream from a place on, until the function that is returned is called. */
function follow(
  { shard, position }: Place,
  participant: string,
  take: (message: OwnMessage) => void,
  ended: () => void,
): () => void {
  let isOver = false;
  let leave: (() => void) | undefined;
  const wish = { channel: 'own', participant, from: position, ...(shard !== undefined && { shard }) } as const;
  const join = async (): Promise<void> => {
    if (isOver) return;
    try {
      leave = await socket.peek().subscribe(wish, (message) => isOver || take(message), ended);
    } catch {
      ended();
    }
  };
  joined = joined.then(join).then(() => {
    if (isOver) leave?.();
  });
  return () => {
    isOver = true;
    leave?.();
  };
}
