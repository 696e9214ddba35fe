/** The faults of the server and of what keeps its log, one after the other, as a seed says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../support/random.js';
import type { HistoryTarget } from './log-targets.js';
import type { ServerProcess } from './server-process.js';

export type Fault = 'server killed' | 'server still' | 'log silent' | 'killed in silence' | 'log killed';

export interface NemesisOptions {
  readonly seed: number;
  readonly kills: boolean;
  readonly silence: boolean;
  /** Whether the server says that it serves. */
  readonly isReady: () => Promise<boolean>;
}

const LONGEST_DOWN_MS = 400;
const LONGEST_STILL_MS = 1_200;
const LOOK_EACH_MS = 50;
const READY_LOOKS = 600;
const MOST_STARTS = 10;

export class Nemesis {
  /** How often each was done, and how often a server that had stopped itself was started again. */
  readonly done = new Map<Fault | 'stopped server started', number>();
  private readonly random: Random;
  private readonly faults: readonly Fault[];
  private readonly ending = new AbortController();

  constructor(
    private readonly server: ServerProcess,
    private readonly target: HistoryTarget,
    private readonly options: NemesisOptions,
  ) {
    const { seed, kills, silence } = options;
    this.random = new Random(seed * 31 + 5);
    this.faults = faultsWith(kills, silence, target);
  }

  /** Goes on until `end`; everything runs and serves when it resolves. */
  async run(): Promise<void> {
    while (!this.isOver() && this.faults.length > 0) {
      await this.pause(300 + this.random.below(1_500));
      const fault = this.faults[this.random.below(this.faults.length)];
      if (this.isOver() || fault === undefined) break;
      await this.inflict(fault);
      this.count(fault);
      await this.whenReady();
    }
  }

  end(): void {
    this.ending.abort();
  }

  private isOver(): boolean {
    return this.ending.signal.aborted;
  }

  async killServer(): Promise<void> {
    await this.server.kill();
    await sleep(this.random.below(LONGEST_DOWN_MS));
    await this.server.start();
    await this.whenReady();
  }

  private async inflict(fault: Fault): Promise<void> {
    const { server, target, random } = this;
    switch (fault) {
      case 'server killed':
        return this.killServer();
      case 'server still':
        server.signal('SIGSTOP');
        await sleep(100 + random.below(LONGEST_STILL_MS));
        server.signal('SIGCONT');
        return;
      case 'log silent':
      case 'killed in silence':
        target.fallSilent?.();
        await sleep(200 + random.below(LONGEST_STILL_MS));
        if (fault === 'killed in silence') await server.kill();
        target.wake();
        if (fault === 'killed in silence') await server.start();
        return;
      case 'log killed':
        await target.restart?.();
    }
  }

  /** A server that has stopped itself, for its log was away, is started again. */
  private async whenReady(): Promise<void> {
    for (let looks = 1; !(await this.options.isReady()); looks++) {
      if (looks > READY_LOOKS * MOST_STARTS) throw new Error('the server does not come to serve again');
      await sleep(LOOK_EACH_MS);
      if (looks % READY_LOOKS !== 0) continue;
      await this.server.kill();
      await this.server.start();
      this.count('stopped server started');
    }
  }

  private count(what: Fault | 'stopped server started'): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.ending.signal }).catch(() => undefined); // ended before
  }
}

function faultsWith(kills: boolean, silence: boolean, target: HistoryTarget): Fault[] {
  const canBeSilent = silence && target.fallSilent !== undefined;
  return [
    ...(kills ? (['server killed', 'server killed'] as const) : []),
    ...(kills && target.restart !== undefined ? (['log killed'] as const) : []),
    ...(silence ? (['server still'] as const) : []),
    ...(canBeSilent ? (['log silent'] as const) : []),
    ...(canBeSilent && kills ? (['killed in silence', 'killed in silence'] as const) : []),
  ];
}
