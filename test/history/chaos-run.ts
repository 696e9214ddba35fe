/** Makes one history: a server, clients who ask it, the faults that strike it, and in the end a read of everything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type History, isCommand, type LogEvent, type Operation, positionIn } from './checker/history.js';
import { Lanes } from './lanes.js';
import { openHistoryTarget, type HistoryTarget } from './log-targets.js';
import { LyingProxy } from './lying-proxy.js';
import { Nemesis } from './nemesis.js';
import type { HistoryOptions } from './options.js';
import { historyMutants } from './mutants.js';
import { neverAsked } from './report.js';
import { Recorder } from './recorder.js';
import { ServerProcess } from './server-process.js';

/** Of a thousand posts that were answered, so many are asked again in the end. */
const REPEATED_OF_THOUSAND = 100;
const FEED_QUIET_MS = 20_000;
const FEED_TRIES = 5;
const MOST_SECONDS_MORE = 120;

export interface ChaosRun {
  readonly history: History;
  /** How often each thing was done to the server. */
  readonly faults: ReadonlyMap<string, number>;
  readonly lies: number;
}

export async function runChaos(folder: string, options: HistoryOptions): Promise<ChaosRun> {
  const target = await openHistoryTarget(options.log, folder);
  let server: ServerProcess | undefined;
  try {
    server = await ServerProcess.start(target, folder);
    return await work(server, target, options);
  } finally {
    target.wake();
    await server?.kill();
    await target.end();
  }
}

async function work(server: ServerProcess, target: HistoryTarget, options: HistoryOptions): Promise<ChaosRun> {
  const { seconds, seed, kills, silence, mutant } = options;
  const proxy = mutant === undefined ? undefined : await LyingProxy.start(server.url, historyMutants[mutant].make());
  const recorder = new Recorder(proxy?.url ?? server.url);
  const isReady = (): Promise<boolean> => recorder.isReady();
  const nemesis = new Nemesis(server, target, { seed, kills, silence, isReady });
  const lanes = new Lanes(recorder, options);
  try {
    await lanes.open();
    const over = Promise.all([lanes.run(), nemesis.run()]);
    await Promise.race([enough(recorder, seconds), over]);
    nemesis.end();
    lanes.end();
    await over;
    if (kills) await nemesis.killServer();
    await lanes.repeat(REPEATED_OF_THOUSAND);
    const position = await lanes.lookAtAll();
    const log = await wholeLog(recorder, Math.max(position, lastAcknowledged(recorder.operations) + 1));
    return {
      history: { operations: recorder.operations, log },
      faults: nemesis.done,
      lies: proxy?.lies ?? 0,
    };
  } finally {
    recorder.end();
    proxy?.end();
  }
}

/** Resolves after the time that was asked for, on a slow machine a while later: when everything has been asked once. */
async function enough({ operations }: Recorder, seconds: number): Promise<void> {
  await sleep(seconds * 1_000);
  for (let more = 0; more < MOST_SECONDS_MORE && neverAsked(operations).length > 0; more++) await sleep(1_000);
}

/** The highest position that an answer to a command has carried. */
function lastAcknowledged(operations: readonly Operation[]): number {
  return operations.reduce((last, one) => (isCommand(one) ? Math.max(last, positionIn(one.reply) ?? 0) : last), 0);
}

/** All events before a position, and perhaps some more: what fell due in the meantime. */
async function wholeLog(recorder: Recorder, position: number): Promise<readonly LogEvent[]> {
  const log: LogEvent[] = [];
  for (let tries = 0; log.length < position && tries < FEED_TRIES; tries++) {
    const wish = { most: position - log.length, quietMs: FEED_QUIET_MS };
    const more = await recorder.follow(log.length, wish);
    if (more.length === 0) break;
    log.push(...more);
  }
  return log;
}
