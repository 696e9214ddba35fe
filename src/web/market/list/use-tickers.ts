import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Instrument } from '../../../client/types.js';
import { presence, socket } from '../../app/exchange.js';
import { isLive, source } from '../../app/moment.js';
import { Frames } from '../../parts/frames.js';
import { type Look, useLook } from '../../parts/look.js';
import { LiveTickers, MOST_FOLLOWED, type Move } from './live-tickers.js';
import { type MarketRow, rowsOf } from './rows.js';

export interface Tickers {
  readonly rows: ReadonlySignal<readonly MarketRow[] | undefined>;
  readonly look: Pick<Look<unknown>, 'error' | 'again' | 'isStale'>;
  readonly moveOf: (symbol: string) => Move | undefined;
  /** Says which can be seen: these are followed live. */
  readonly see: (symbols: readonly string[]) => void;
}

const LOOK_MS = 5_000;
/** Where more can be seen than can be followed. */
const LOOK_AT_MANY_MS = 1_000;
/** A higher window shows more rows than can be followed. */
const FOLLOWED_PX = 1_500;
/** What is passed over while scrolling is not followed. */
const SETTLED_MS = 150;

/** All tickers: those that can be seen live, the others looked at now and then. */
export function useTickers(): Tickers {
  const isMany = useSignal(false);
  const everyMs = isMany.value ? LOOK_AT_MANY_MS : LOOK_MS;
  const isStreaming = isLive.value && source.value.kind === 'server';
  const tickers = useLook('tickers', (from, asked) => from.tickers(asked), { everyMs });
  const instruments = useLook('instruments', (from, asked) => from.instruments(asked), { everyMs: LOOK_MS });
  // A server knows the phases of now alone.
  const known = isStreaming || source.value.kind === 'file' ? instruments.value : undefined;
  const rows = useSignal<readonly MarketRow[] | undefined>(undefined);
  const listed = useRef<readonly Instrument[]>([]);
  listed.current = known ?? [];
  const seen = useRef<readonly string[]>([]);
  const live = useLive(isStreaming, seen, () => (rows.value = rowsOf(live.current?.list ?? [], listed.current)));
  useEffect(() => {
    const { value } = tickers;
    if (value === undefined) return;
    if (live.current !== undefined) live.current.takeAll(value);
    else rows.value = rowsOf(value, listed.current);
  }, [tickers.value, known, isStreaming]);
  const settling = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(settling.current), []);
  const see = (symbols: readonly string[]): void => {
    seen.current = symbols;
    isMany.value = symbols.length > MOST_FOLLOWED && innerHeight > FOLLOWED_PX;
    clearTimeout(settling.current);
    settling.current = setTimeout(() => live.current?.follow(socket.peek(), symbols), SETTLED_MS);
  };
  return { rows, look: tickers, moveOf: (symbol) => live.current?.moveOf(symbol), see };
}

/** While the page is live; begun again whenever the exchange has been away. */
function useLive(
  isStreaming: boolean,
  seen: { readonly current: readonly string[] },
  draw: () => void,
): { current: LiveTickers | undefined } {
  const live = useRef<LiveTickers | undefined>(undefined);
  const drawing = useRef(draw);
  drawing.current = draw;
  const ofSocket = socket.value;
  const isThere = presence.value === 'live';
  useEffect(() => {
    if (!isStreaming || !isThere) return undefined;
    const frames = new Frames(() => drawing.current());
    const tickers = new LiveTickers(Date.now, () => frames.want());
    live.current = tickers;
    tickers.follow(ofSocket, seen.current);
    return () => {
      live.current = undefined;
      tickers.end();
      frames.end();
    };
  }, [isStreaming, isThere, ofSocket]);
  return live;
}
