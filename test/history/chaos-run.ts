/** Makes one history: a server or a cluster, clients who ask it, the faults that strike it, and in the end a read of everything. */
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
    const urls = mutant === undefined ? scene.urls : proxies.map(({ url }) => url);
    const history = await play(scene, { ...options, urls }, count);
    return { history, faults, lies: proxies.reduce((sum, proxy) => sum + proxy.lies, 0) };
  } finally {
    for (const proxy of proxies) proxy.end();
    await scene.end();
  }
}

interface Play extends HistoryOptions {
  /** Where the clients find the servers, or liars before them. */
  readonly urls: readonly string[];
}

async function play(scene: Scene, options: Play, count: (name: string) => void): Promise<History> {
  const { seed, seconds, kills, urls, lanes } = options;
  const clients = new Clients(startHere);
  const nemesis = new Nemesis(scene, new Random(seed * 31 + 5), count);
  try {
    await clients.begin({ urls, seed, lanes });
    const over = nemesis.run();
    // Where the nemesis fails, nothing else is waited for.
    await Promise.race([enough(clients, seconds), over.then(() => enough(clients, seconds))]);
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

/** Resolves after the time that was asked for, on a slow machine a while later: when everything has been asked once. */
async function enough(clients: Clients, seconds: number): Promise<void> {
  await sleep(seconds * 1_000, undefined, { ref: false });
  await Promise.race([clients.enough(), sleep(MOST_SECONDS_MORE * 1_000, undefined, { ref: false })]);
}
