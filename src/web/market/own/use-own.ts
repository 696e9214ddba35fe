import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { presence, server, socket } from '../../app/exchange.js';
import { Frames } from '../../parts/frames.js';
import { useLook } from '../../parts/look.js';
import { follow } from '../../source/follow.js';
import { isStreaming, type Market } from '../market.js';
import { OwnFold } from './own-fold.js';

/** As many as a list gives at once. */
const MOST = 1_000;

/** Keeps the open intentions of a participant: its account and its stream while live, else a list as of the moment. */
export function useOwn(
  { symbol, own, ticker }: Market,
  participant: string | undefined,
): { readonly error: unknown; readonly isStale: boolean } {
  const failure = useSignal<unknown>(undefined);
  const streams = isStreaming.value;
  const isThere = presence.value === 'live';
  const ofSocket = socket.value;
  const { client } = server.value;
  // Of several shards: that of the instrument, once it is known.
  const isKnown = ticker.value !== undefined;
  useEffect(() => {
    own.value = undefined;
    failure.value = undefined;
  }, [symbol, participant]);
  useEffect(() => {
    if (!streams || !isThere || !isKnown || participant === undefined) return undefined;
    const over = new AbortController();
    let end = (): void => undefined;
    const shard = ticker.peek()?.shard;
    const ofShard = shard === undefined ? {} : { shard };
    const begin = async (): Promise<void> => {
      const account = await client.account({ participant, ...ofShard, signal: over.signal });
      const fold = new OwnFold(participant, symbol, account.intentions);
      let next = account.position ?? account.positionByShard?.[String(shard ?? 0)] ?? 0;
      const frames = new Frames(() => (own.value = fold.list));
      const stop = follow(ofSocket, {
        wish: () => ({ channel: 'own', participant, from: next, ...ofShard }),
        take: (message) => {
          next = message.type === 'upTo' ? message.position : message.position + 1;
          if (fold.take(message)) frames.want();
        },
        failed: (error) => (failure.value = error),
      });
      own.value = fold.list;
      failure.value = undefined;
      end = () => {
        stop();
        frames.end();
      };
    };
    begin().catch((error: unknown) => {
      if (!over.signal.aborted) failure.value = error;
    });
    return () => {
      over.abort();
      end();
    };
  }, [symbol, participant, streams, isThere, isKnown, ofSocket, client]);
  const look = useLook(
    `own ${symbol} ${participant ?? ''}`,
    (from, asked) => from.intentions({ ...asked, participant, instrument: symbol, status: 'open', limit: MOST }),
    { isWanted: !streams && participant !== undefined, waitsForSlider: true },
  );
  useEffect(() => {
    if (!streams && look.value !== undefined) own.value = look.value;
  }, [look.value, streams]);
  return { error: streams ? failure.value : look.error, isStale: streams ? !isThere : look.isStale };
}
