import { pause } from '../../../src/resilience/pause.js';
import { say, thousands } from '../part.js';
import { rounded, slope } from '../statistics.js';
import type { MarketLoad } from './market-load.js';
import type { WatchedPage } from './watched-page.js';

const LOOKS = 6;

interface Look {
  readonly changes: number;
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

/**
 * What the page keeps of book changes that come as fast as the server takes them: its heap without garbage, again and again. `seconds`
 * are all of it.
 */
export async function growth(watched: WatchedPage, load: MarketLoad, seconds: number): Promise<object> {
  const begun = load.changes;
  const looks: Look[] = [];
  const look = async (): Promise<void> => {
    const { JSHeapUsedSize, Nodes, JSEventListeners } = await watched.metricsWithoutGarbage();
    const changes = load.changes - begun;
    looks.push({ changes, heapBytes: JSHeapUsedSize, nodes: Nodes, listeners: JSEventListeners });
    say(`page: after ${thousands(changes)} changes ${thousands(JSHeapUsedSize)} bytes of heap, ${Nodes} nodes`);
  };
  for (let count = 0; count < LOOKS; count++) {
    const end = load.flood();
    await pause((1_000 * seconds) / LOOKS);
    await end();
    await look();
  }
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was looked at');
  return {
    heapBytesPerMillionChanges: rounded(1e6 * slope(looks.map(({ changes, heapBytes }) => [changes, heapBytes]))),
    growth: {
      ...{ changes: last.changes, changesPerSecond: rounded(last.changes / seconds) },
      heapBytes: looks.map(({ heapBytes }) => heapBytes),
      ...{ nodes: [first.nodes, last.nodes], listeners: [first.listeners, last.listeners] },
    },
  };
}
