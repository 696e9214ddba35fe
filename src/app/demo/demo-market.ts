import type { ExchangePort } from '../../exchange/port.js';
import { ShardUnavailableError } from '../../exchange/port.js';
import { nodeScheduler, type Scheduler } from '../../exchange/shard/scheduler.js';
import type { Logger } from '../../resilience/logger.js';
import { cast } from './cast.js';
import type { Character } from './character.js';
import { Floor } from './floor.js';
import { Operator } from './operator.js';

const ROUND_MS = 200;

export interface DemoMarketOptions {
  readonly exchange: ExchangePort;
  /** The same one gives the same market, as far as the time and the log’s speed are the same. */
  readonly epoch: number;
  readonly logger: Logger;
  /** Milliseconds since 1970; the machine’s unless said otherwise. */
  readonly clock?: (() => number) | undefined;
  readonly scheduler?: Pick<Scheduler, 'after'> | undefined;
}

/** A character, and when it is to act next. */
interface Player {
  readonly character: Character;
  nextMs: number;
}

/**
 * A made-up market for people who want to see something move: a few characters, each with its rule, around prices that walk.
 *
 * 1. Some ten commands a second, one after the other, and never more open intentions than the characters may hold: it can run forever.
 * 2. While the exchange takes no commands nothing is asked; afterwards, as after a restart, each begins by withdrawing what it left.
 */
export class DemoMarket {
  private readonly floor: Floor;
  private readonly operator: Operator;
  private readonly players: readonly Player[];
  private readonly scheduler: Pick<Scheduler, 'after'>;
  private isOpen = false;
  private isStopped = false;
  private cancel: () => void = () => undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(private readonly options: DemoMarketOptions) {
    const { exchange, epoch, clock = Date.now, scheduler = nodeScheduler } = options;
    this.floor = new Floor(exchange, epoch, clock);
    this.operator = new Operator(this.floor);
    this.players = cast.map((Role) => ({ character: new Role(this.floor), nextMs: 0 }));
    this.scheduler = scheduler;
  }

  /** From now on there is one round after the other, until it is stopped. */
  start(): void {
    this.round = this.play().then((goesOn) => {
      if (goesOn && !this.isStopped) this.cancel = this.scheduler.after(ROUND_MS, () => this.start());
    });
  }

  /** Asks nothing more of the exchange, but for what it is being asked. */
  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  /** Resolves once the round that is under way is over. */
  settled(): Promise<void> {
    return this.round;
  }

  /** One round: who is due acts. False when there can be no further one. */
  private async play(): Promise<boolean> {
    try {
      if (!this.isOpen) await this.open();
      this.floor.walk();
      await this.operator.act();
      for (const player of this.players) if (!this.isStopped) await this.letAct(player);
    } catch (error) {
      this.isOpen = false;
      if (!(error instanceof ShardUnavailableError)) {
        this.options.logger.error({ err: error }, 'the demonstration market ended');
        return false;
      }
    }
    return true;
  }

  private async open(): Promise<void> {
    await this.operator.open();
    for (const { character } of this.players) await character.desk.withdrawAll();
    this.isOpen = true;
  }

  private async letAct(player: Player): Promise<void> {
    const { character } = player;
    const nowMs = this.floor.clock();
    if (nowMs < player.nextMs) return;
    player.nextMs = nowMs + character.everyMs * (0.5 + character.desk.chance.draw());
    await character.act();
  }
}
