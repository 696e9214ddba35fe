/**
 * A day of trading: one server and its many processes, the two bots, and people who trade with them.
 *
 * 1. It is over only when both bots have dealt since the latest start of the server, and who lies has lied.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, mustBecome } from '../crash/violation.js';
import { ServerProcess } from '../history/scenes/server-process.js';
import type { Fault } from '../reconcile/lying-fetch.js';
import { until } from '../support/patience.js';
import type { Random } from '../support/random.js';
import { Bot } from './bot.js';
import { Crowd } from './crowd.js';
import { type LyingProxy, startLyingProxy } from './lying-proxy.js';

/** Of each bot, after the latest start. */
const LEAST_FILLS = 10;

interface SessionOptions {
  /** Its own, to be made and removed by the caller. */
  readonly folder: string;
  readonly random: Random;
  readonly fault: Fault | undefined;
}

interface Kills {
  readonly kills: number;
  readonly killEveryMs: number;
  /** How long a killed server stays away. */
  readonly mostAwayMs: number;
}

export class Session {
  private readonly silencesMs: number[] = [];
  private readonly beganMs = performance.now();

  private constructor(
    /** The log’s folder. */
    readonly data: string,
    readonly bots: readonly Bot[],
    private readonly server: ServerProcess,
    private readonly crowd: Crowd,
    private readonly random: Random,
    private readonly liar: LyingProxy | undefined,
  ) {}

  static async start({ folder, random, fault }: SessionOptions): Promise<Session> {
    const data = path.join(folder, 'data');
    const server = await ServerProcess.start({ args: ['--data', data], env: {} }, folder);
    const crowd = new Crowd(server.url, random.split());
    await crowd.list();
    const liar = fault === undefined ? undefined : await startLyingProxy(server.url, fault);
    const { url } = liar ?? server;
    const bots = (['maker', 'arbitrageur'] as const).map(
      (participant) => new Bot(participant, path.join(folder, `${participant}.jsonl`), url),
    );
    return new Session(data, bots, server, crowd, random, liar);
  }

  /** Kills the server once in each interval, and starts it again. */
  async trade({ kills, killEveryMs, mostAwayMs }: Kills): Promise<void> {
    const { bots, crowd, random } = this;
    for (const bot of bots) await bot.trades();
    crowd.begin();
    const beganMs = performance.now();
    const goneMs = (): number => performance.now() - beganMs;
    let before = bots.map(({ fills }) => fills);
    for (let killed = 0; killed < kills; killed++) {
      await sleep((killed + random.fraction()) * killEveryMs - goneMs());
      await this.killOnce(random.below(mostAwayMs + 1));
      before = bots.map(({ fills }) => fills);
    }
    await sleep(kills * killEveryMs - goneMs());
    await mustBecome(
      () =>
        `after the latest start a bot does not deal: ${bots.map(({ fills }) => fills).join(' and ')} fills, as before`,
      () => bots.every(({ fills }, index) => fills >= (before[index] ?? 0) + LEAST_FILLS),
    );
    await until('something was lied about', () => this.liar === undefined || this.liar.lies() > 0);
  }

  /** Ends the bots, and then kills the server: the log is what is left. Resolves to what the bots find wrong themselves. */
  async end(): Promise<readonly string[]> {
    await eventually('the crowd’s last answer', this.crowd.stop());
    const found = await Promise.all(this.bots.map((bot) => bot.stop()));
    await this.server.kill();
    return found.flat();
  }

  /** Ends all that still runs, after a failure. */
  async kill(): Promise<void> {
    this.crowd.kill();
    await Promise.all([...this.bots.map((bot) => bot.kill()), this.server.kill()]);
  }

  get summary(): string {
    const { silencesMs, crowd, beganMs } = this;
    const [seconds, without, longest] = [
      performance.now() - beganMs,
      silencesMs.reduce((sum, ms) => sum + ms, 0),
      Math.max(0, ...silencesMs),
    ].map((ms) => (ms / 1_000).toFixed(1));
    return (
      `${silencesMs.length} kills in ${seconds} s, ${crowd.answers} posts of others answered; ` +
      `${without} s without an answer, ${longest} s the longest`
    );
  }

  private async killOnce(awayMs: number): Promise<void> {
    const killedMs = performance.now();
    await this.server.kill();
    await sleep(awayMs);
    const answered = this.crowd.nextAnswer();
    await this.server.start();
    await eventually('an answer of the server that was started again', answered);
    this.silencesMs.push(performance.now() - killedMs);
  }
}
