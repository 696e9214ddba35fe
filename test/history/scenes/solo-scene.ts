/** One server and what keeps its log. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Recorder } from '../clients/recorder.js';
import type { LogKind } from '../options.js';
import { type HistoryTarget, openHistoryTarget } from './log-targets.js';
import type { Fault, FaultChoice, Scene } from './scene.js';
import { ServerProcess } from './server-process.js';

const LONGEST_DOWN_MS = 400;
const LONGEST_STILL_MS = 1_200;
const LOOK_EACH_MS = 50;
const READY_LOOKS = 600;
const MOST_STARTS = 10;

export class SoloScene implements Scene {
  readonly urls: readonly string[];
  readonly faults: readonly Fault[];
  private readonly looks: Recorder;

  private constructor(
    private readonly target: HistoryTarget,
    private readonly server: ServerProcess,
    { kills, silence }: FaultChoice,
    private readonly count: (name: string) => void,
  ) {
    this.urls = [server.url];
    this.looks = new Recorder(this.urls);
    const ofLog = target.fallSilent === undefined ? [] : [this.logSilent];
    this.faults = [
      ...(kills ? [this.serverKilled, this.serverKilled] : []),
      ...(kills && target.restart !== undefined ? [this.logKilled] : []),
      ...(silence ? [this.serverStill, ...ofLog] : []),
      ...(silence && kills && ofLog.length > 0 ? [this.killedInSilence, this.killedInSilence] : []),
    ];
  }

  /** `count` is told each time that a server which had stopped itself was started again. */
  static async open(
    log: LogKind,
    folder: string,
    choice: FaultChoice,
    count: (name: string) => void,
  ): Promise<SoloScene> {
    const target = await openHistoryTarget(log, folder);
    try {
      return new SoloScene(target, await ServerProcess.start(target, folder), choice, count);
    } catch (error) {
      await target.end();
      throw error;
    }
  }

  private readonly serverKilled: Fault = {
    name: 'server killed',
    inflict: async (random) => {
      await this.server.kill();
      await sleep(random.below(LONGEST_DOWN_MS));
      await this.server.start();
    },
  };

  private readonly serverStill: Fault = {
    name: 'server still',
    inflict: async (random) => {
      this.server.signal('SIGSTOP');
      await sleep(100 + random.below(LONGEST_STILL_MS));
      this.server.signal('SIGCONT');
    },
  };

  private readonly logSilent: Fault = {
    name: 'log silent',
    inflict: async (random) => {
      this.target.fallSilent?.();
      await sleep(200 + random.below(LONGEST_STILL_MS));
      this.target.wake();
    },
  };

  private readonly killedInSilence: Fault = {
    name: 'killed in silence',
    inflict: async (random) => {
      this.target.fallSilent?.();
      await sleep(200 + random.below(LONGEST_STILL_MS));
      await this.server.kill();
      this.target.wake();
      await this.server.start();
    },
  };

  private readonly logKilled: Fault = {
    name: 'log killed',
    inflict: async () => {
      await this.target.restart?.();
    },
  };

  /** A server that has stopped itself, for its log was away, is started again. */
  async whole(): Promise<void> {
    for (let looks = 1; !(await this.looks.isReady(0)); looks++) {
      if (looks > READY_LOOKS * MOST_STARTS) throw new Error('the server does not come to serve again');
      await sleep(LOOK_EACH_MS);
      if (looks % READY_LOOKS !== 0) continue;
      await this.restart();
      this.count('stopped server started');
    }
  }

  async restartAll(): Promise<void> {
    await this.restart();
    await this.whole();
  }

  async end(): Promise<void> {
    this.looks.end();
    this.target.wake();
    await this.server.kill();
    await this.target.end();
  }

  private async restart(): Promise<void> {
    await this.server.kill();
    await this.server.start();
  }
}
