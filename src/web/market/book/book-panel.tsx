import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { presence, socket } from '../../app/exchange.js';
import { Empty } from '../../parts/empty.js';
import { Failure } from '../../parts/failure.js';
import { Frames } from '../../parts/frames.js';
import { Loading } from '../../parts/loading.js';
import { useLook } from '../../parts/look.js';
import { isStreaming, type Market, mayAct } from '../market.js';
import { ownLevels } from '../own/own-fold.js';
import { LadderTable } from './ladder.js';
import { type BookState, ladderOf } from './ladder-rows.js';
import { LiveBook } from './live-book.js';
import { useLevels } from './use-levels.js';

/** The most levels a side that are ever shown. */
const MOST_LEVELS = 24;

/** The best levels of the book: live by its channel, else as of the moment. */
export function BookPanel({ market }: { readonly market: Market }): JSX.Element {
  const levels = useLevels();
  const { error, isStale } = useBook(market, Math.min(levels, MOST_LEVELS));
  const ladder = market.ladder.value;
  return (
    <section class="card panel book-panel" aria-labelledby="book-title">
      <div class="card-head">
        <h2 id="book-title">Book</h2>
        {ladder?.phase === 'call' && <span class="tag alarm">collecting</span>}
      </div>
      {ladder?.phase === 'call' && (
        <p class="panel-note">
          Nothing deals until the uncross, so bids and asks may overlap. Market intentions have no price and are not
          here.
        </p>
      )}
      {error !== undefined && <Failure error={error} />}
      {ladder === undefined ? (
        error === undefined && <Loading lines={12} />
      ) : ladder.bids.length + ladder.asks.length === 0 ? (
        <Empty title="Nobody is here yet">An intention that is posted and rests stands here at its price.</Empty>
      ) : (
        <LadderTable
          ladder={ladder}
          levels={Math.min(levels, MOST_LEVELS)}
          isStale={isStale}
          onPick={mayAct.value ? (price) => (market.picked.value = { price }) : undefined}
        />
      )}
    </section>
  );
}

/** Keeps the ladder of the market, drawn once a frame. */
function useBook(market: Market, levels: number): { readonly error: unknown; readonly isStale: boolean } {
  const { symbol, ladder, own } = market;
  const failure = useSignal<unknown>(undefined);
  // Until the first message comes, what is shown is of the moment before.
  const isHeard = useSignal(false);
  const book = useRef<BookState | undefined>(undefined);
  const draw = (): void => {
    if (book.current === undefined) return;
    ladder.value = ladderOf(book.current, { levels, own: ownLevels(own.peek() ?? []) }, ladder.peek());
  };
  const drawing = useRef(draw);
  drawing.current = draw;
  const streams = isStreaming.value;
  const ofSocket = socket.value;
  useEffect(() => {
    if (!streams) return undefined;
    failure.value = undefined;
    isHeard.value = false;
    const frames = new Frames(() => drawing.current());
    const live = new LiveBook(ofSocket, symbol, {
      changed: (state) => {
        book.current = state;
        isHeard.value = true;
        frames.want();
      },
      failed: (error) => (failure.value = error),
    });
    return () => {
      frames.end();
      live.end();
      // The book of the stream is emptied when it is out of step.
      book.current = undefined;
    };
  }, [symbol, streams, ofSocket]);
  const look = useLook(`book ${symbol}`, (from, asked) => from.book(symbol, { ...asked, depth: MOST_LEVELS }), {
    isWanted: !streams,
  });
  // Before anything is drawn: whoever drags the time line sees the book as soon as it is there.
  useLayoutEffect(() => {
    if (!streams && look.value !== undefined) book.current = look.value;
  }, [look.value, streams]);
  useLayoutEffect(draw, [look.value, streams, levels, own.value]);
  const isStale = streams ? presence.value !== 'live' || !isHeard.value : look.isStale;
  return { error: streams ? failure.value : look.error, isStale };
}
