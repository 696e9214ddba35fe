import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { launchBrowser } from '../../support/needs/launch-browser.js';
import { missingChromium } from '../../support/needs/browser.js';
import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { listInstrument, startServerProcess } from '../http/server-process.js';
import { type Part, type PartOptions, say, thousands } from '../part.js';
import { rounded } from '../statistics.js';
import { bundleProbe } from './bundle-probe.js';
import { drag } from './drag.js';
import { firstView } from './first-view.js';
import { growth } from './growth.js';
import { liveliness, untilSameBook } from './live.js';
import { loadedSymbol, MarketLoad } from './market-load.js';
import { until } from './until.js';
import { WatchedPage } from './watched-page.js';

const LOADS = 7;
const INSTRUMENTS = 100;
const CHANGES_A_SECOND = 2_000;
/** Of the log: that comes to some 5,000 events, each a message. Of more, most of the time goes into the browser’s own account of them. */
const LOGGED_CHANGES_A_SECOND = 4_000;
const MOVES = 100;
/** What the log has that is looked back over. */
const PAST_EVENTS_A_SECOND = 2_000;
/** So that its last event does not lie ahead of the server’s clock. */
const MARGIN = 1.01;
const CHUNK_POSTS = 512;
/** A query store is made of a log of ten million events meanwhile. */
const STORE_MS = 1_800_000;

/** The page in Chromium, served by a real server: how soon it is there, how it goes on, what it keeps, how soon it shows another moment. */
export const page: Part = async (options) => {
  const missing = missingChromium();
  if (missing !== undefined) {
    say(`page: skipped: ${missing}`);
    return { skipped: missing };
  }
  const browser = await launchBrowser();
  try {
    const probe = await bundleProbe();
    return {
      assetBrotliBytes: assetSizes(),
      ...(await ofBusyMarket(browser, probe, options)),
      ...(await ofLongLog(browser, probe, options)),
    };
  } finally {
    await browser.close();
  }
};

/** What Brotli has made of the files of the page, by name without their hashes. */
function assetSizes(): Record<string, number> {
  const folder = 'dist/web/assets';
  const sizes: Record<string, number> = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.br'))) {
    const name = file.replace(/-[0-9A-Z]{8}(?=\.)|\.br$/g, '');
    sizes[name] = (sizes[name] ?? 0) + statSync(join(folder, file)).size;
  }
  return { ...sizes, all: Object.values(sizes).reduce((sum, size) => sum + size, 0) };
}

async function ofBusyMarket(browser: Browser, probe: string, { seconds, quick, folder }: PartOptions): Promise<object> {
  const server = await startServerProcess(join(folder, 'busy'));
  const url = `http://127.0.0.1:${server.port}`;
  const load = await MarketLoad.open(server.port);
  const time = quick ? 1 : Math.min(10, seconds);
  try {
    await listInstrument(server.port, loadedSymbol);
    for (let count = 1; count < INSTRUMENTS; count++) await listInstrument(server.port, `BENCH${count}`);
    const first = await firstView(browser, probe, url, quick ? 2 : LOADS);
    say(`page: ${JSON.stringify(first)}`);
    const watched = await WatchedPage.open(browser, probe);
    await watched.page.goto(`${url}/market/${loadedSymbol}`);
    const changes = await whileLoaded(load, CHANGES_A_SECOND, async () => {
      await shown(watched);
      return liveliness(watched, time);
    });
    await untilSameBook(watched, url, loadedSymbol);
    say(`page: ${JSON.stringify(changes)}`);
    const kept = await growth(watched, load, quick ? 3 : 6 * seconds);
    await untilSameBook(watched, url, loadedSymbol);
    await watched.page.goto(`${url}/log`);
    const log = await whileLoaded(load, LOGGED_CHANGES_A_SECOND, async () => {
      await shown(watched);
      return liveliness(watched, time);
    });
    await watched.close();
    say(`page: ${JSON.stringify(log)}`);
    return { ...first, ...changes, ...kept, log };
  } finally {
    load.close();
    await server.stop();
  }
}

async function shown(watched: WatchedPage): Promise<void> {
  await until('the first position', async () => ((await watched.ask('position')) > 0 ? true : undefined));
}

/** What comes of something that is measured while a load goes on, and how much of that was done a second. */
async function whileLoaded<Found extends object>(
  load: MarketLoad,
  perSecond: number,
  measure: () => Promise<Found>,
): Promise<Found & { readonly changesPerSecond: number }> {
  const end = load.begin(perSecond);
  const fromMs = performance.now();
  const before = load.changes;
  const found = await measure();
  const changesPerSecond = rounded((1_000 * (load.changes - before)) / (performance.now() - fromMs), 3);
  await end();
  return { ...found, changesPerSecond };
}

async function ofLongLog(browser: Browser, probe: string, { quick, folder, events }: PartOptions): Promise<object> {
  const data = join(folder, 'long');
  const made = await makeLog(data, quick ? events / 100 : events);
  const server = await startServerProcess(data);
  const url = `http://127.0.0.1:${server.port}`;
  try {
    say(`page: the projections of ${thousands(made)} events are being made`);
    await until('the projections', () => caughtUp(url), STORE_MS);
    const watched = await WatchedPage.open(browser, probe);
    const found = await drag(watched, url, { events: made, moves: quick ? 10 : MOVES });
    await watched.close();
    return { ...found, dragEvents: made };
  } finally {
    await server.stop();
  }
}

async function caughtUp(url: string): Promise<true | undefined> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const ready = await fetch(`${url}/health/ready`);
  return ready.ok && /^parley_projection_lag_events\S* 0$/m.test(metrics) ? true : undefined;
}

/**
 * A log in which the flow has gone on at the pace of a busy market, until a moment ago: some 2,000 events a second. Returns how many it has.
 */
async function makeLog(folder: string, events: number): Promise<number> {
  const beganMs = Date.now() - (1_000 * events * MARGIN) / PAST_EVENTS_A_SECOND;
  let nowMs = beganMs;
  const taker = await ShardTaker.open(new EmbeddedLog({ folder }), { clock: () => nowMs });
  const player = new FlowPlayer(makeFlow());
  while (taker.shard.head < events) {
    taker.beginChunk();
    player.play(CHUNK_POSTS, taker);
    await new Promise<void>((resolve) => taker.shard.whenDurable(resolve));
    nowMs = beganMs + Math.floor((1_000 * taker.shard.head) / PAST_EVENTS_A_SECOND);
  }
  await taker.shard.close();
  return taker.shard.head;
}
