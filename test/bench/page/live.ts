import { pause } from '../../../src/resilience/pause.js';
import { Durations, rounded } from '../statistics.js';
import { until } from './until.js';
import type { PageMetrics, WatchedPage } from './watched-page.js';

/** How the page was while something went on. */
export interface Liveliness {
  readonly framesPerSecond: number;
  readonly frameMs: { readonly p50: number; readonly p95: number; readonly max: number };
  /** What part of the time its scripts took, and what part all that its thread did. */
  readonly scriptShare: number;
  readonly busyShare: number;
  /** Of that, what finding out styles and places took. */
  readonly layoutShare: number;
  readonly messagesPerSecond: number;
  /** By how many log positions a second what it shows went on. */
  readonly positionsPerSecond: number;
}

export async function liveliness(watched: WatchedPage, seconds: number): Promise<Liveliness> {
  const before = await stateOf(watched);
  await watched.ask('beginFrames');
  await pause(1_000 * seconds);
  const frames = await watched.ask('endFrames');
  const after = await stateOf(watched);
  const durations = new Durations();
  for (const frame of frames) durations.add(frame);
  const [p50 = 0, p95 = 0, max = 0] = durations.percentiles([0.5, 0.95, 1]);
  const took = after.metrics.Timestamp - before.metrics.Timestamp;
  const share = (name: keyof PageMetrics): number => rounded((after.metrics[name] - before.metrics[name]) / took, 3);
  return {
    framesPerSecond: rounded((1_000 * frames.length) / frames.reduce((sum, each) => sum + each, 0), 3),
    frameMs: { p50: rounded(p50, 3), p95: rounded(p95, 3), max: rounded(max, 3) },
    ...{ scriptShare: share('ScriptDuration'), busyShare: share('TaskDuration') },
    layoutShare: rounded(share('LayoutDuration') + share('RecalcStyleDuration'), 3),
    messagesPerSecond: rounded((after.messages - before.messages) / took, 3),
    positionsPerSecond: rounded((after.position - before.position) / took, 3),
  };
}

interface State {
  readonly metrics: PageMetrics;
  readonly messages: number;
  readonly position: number;
}

async function stateOf(watched: WatchedPage): Promise<State> {
  return {
    metrics: await watched.metrics(),
    messages: await watched.ask('messages'),
    position: await watched.ask('position'),
  };
}

/** Waits until the ladder is the book that the server has; rejects when it does not become that. */
export async function untilSameBook(watched: WatchedPage, url: string, symbol: string): Promise<void> {
  await until('the book of the server', async () => {
    const shown = await watched.ask('levels');
    const response = await fetch(`${url}/v1/book/${symbol}?depth=100`);
    const { bids, asks } = (await response.json()) as Book; // as the reference of the interface has it
    const levels = shown.length / 2;
    const wanted = [...asks.slice(0, levels).toReversed(), ...bids.slice(0, levels)];
    const isSame = wanted.map(({ price, quantity }) => `${price} ${quantity}`).join() === shown.join();
    return isSame && shown.length > 0 ? true : undefined;
  });
}

interface Book {
  readonly bids: readonly { readonly price: string; readonly quantity: string }[];
  readonly asks: Book['bids'];
}
