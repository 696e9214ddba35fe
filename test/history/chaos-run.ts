/** Makes one history: a server or a cluster, clients who ask it, the faults that strike it, and in the end a read of everything. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../support/random.js';
import type { History } from './checker/history.js';
import { Clients, startHere } from './clients/clients.js';
import { LyingProxy } from './lying-proxy.js';
import { historyMutants } from './mutants.js';
import type { HistoryOptions } from './options.js';
import { ClusterScene } from './scenes/cluster-scene.js';
import { Nemesis } from './scenes/nemesis.js';
import type { Scene } from './scenes/scene.js';
import { SoloScene } from './scenes/solo-scene.js';

const MOST_SECONDS_MORE = 120;
/** The first may be one that cannot be told from the truth. */
const LEAST_LIES = 3;
const LOOK_EACH_MS = 50;

export interface ChaosRun {
  readonly history: History;
  /** How often each thing was done to the servers. */
  readonly faults: ReadonlyMap<string, number>;
  readonly lies: number;
}

export async function runChaos(folder: string, options: HistoryOptions): Promise<ChaosRun> {
  const { log, members } = options;
  const faults = new Map<string, number>();
  const count = (name: string): void => void faults.set(name, (faults.get(name) ?? 0) + 1);
  const scene =
    members > 1 ? await ClusterScene.open(members, folder, options) : await SoloScene.open(log, folder, options, count);
  const proxies: LyingProxy[] = [];
  try {
    const { mutant } = options;
    if (mutant !== undefined) proxies.push(...(await LyingProxy.before(scene.urls, historyMutants[mutant].make())));
    const lies = (): number => proxies.reduce((sum, proxy) => sum + proxy.lies, 0);
    const urls = mutant === undefined ? scene.urls : proxies.map(({ url }) => url);
    const isEnough = (): boolean => mutant === undefined || lies() >= LEAST_LIES;
    const history = await play(scene, { ...options, urls, isEnough }, count);
    return { history, faults, lies: lies() };
  } finally {
    for (const proxy of proxies) proxy.end();
    await scene.end();
  }
}

interface Play extends HistoryOptions {
  /** Where the clients find the servers, or liars before them. */
  readonly urls: readonly string[];
  /** Whether what this run is for has happened. */
  readonly isEnough: () => boolean;
}

async function play(scene: Scene, options: Play, count: (name: string) => void): Promise<History> {
  const { seed, kills, urls, lanes } = options;
  const clients = new Clients(startHere);
  const nemesis = new Nemesis(scene, new Random(seed * 31 + 5), count);
  try {
    await clients.begin({ urls, seed, lanes });
    const over = nemesis.run();
    // Where the nemesis fails, nothing else is waited for.
    await Promise.race([enough(clients, options), over.then(() => enough(clients, options))]);
    nemesis.end();
    await over;
    await clients.rest();
    if (kills) await scene.restartAll();
    return await clients.end();
  } finally {
    nemesis.end();
    await clients.kill();
  }
}

/** Resolves after the time that was asked for, on a slow machine a while later: when everything has been asked once, and lied about. */
async function enough(clients: Clients, { seconds, isEnough }: Play): Promise<void> {
  await sleep(seconds * 1_000, undefined, { ref: false });
  const late = AbortSignal.timeout(MOST_SECONDS_MORE * 1_000);
  await Promise.race([clients.enough(), once(late, 'abort')]);
  while (!isEnough() && !late.aborted) await sleep(LOOK_EACH_MS, undefined, { ref: false });
}
