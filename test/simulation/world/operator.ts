import { DamagedLogError, LogLockedError } from '../../../src/log/port.js';
import { ExchangeProcess } from './exchange-process.js';
import { SimulationFailure } from '../checks/failure.js';
import type { Judge } from '../checks/judge.js';
import type { LogMedium } from './log-medium.js';
import type { Machine } from './machine.js';
import type { SimulatedProcess } from './world.js';

/** What was recorded and what was durable when a process died: the next one's head tells the outcome of the difference. */
interface Unknown {
  readonly durable: number;
}

/** Runs the exchange's processes: starts one when there is none, takes over from one that hangs, and kills them. */
export class Operator {
  /** From the oldest to the newest; dead ones are gone. */
  private processes: ExchangeProcess[] = [];
  private started = 0;
  private unknown: Unknown | undefined;
  private isBooting = false;

  constructor(
    private readonly machine: Machine,
    private readonly medium: LogMedium,
    private readonly judge: Judge,
  ) {
    machine.onCallsUsedUp = (process) => {
      this.dieAtCall(process);
    };
  }

  /** The process that was started last, while it lives. */
  get newest(): ExchangeProcess | undefined {
    return this.processes.find(({ number }) => number === this.started);
  }

  /** The newest process, if it serves. */
  get serving(): ExchangeProcess | undefined {
    return this.newest?.isReady === true ? this.newest : undefined;
  }

  /** Whom a request reaches: mostly the newest process, sometimes one that has been taken over from and is not dead. */
  reached(): ExchangeProcess | undefined {
    const { random } = this.machine.world;
    if (this.processes.length > 1 && random.chance(0.3)) return random.pick(this.processes);
    return this.newest ?? this.processes.at(-1);
  }

  /** No position before this one can still be asked about by a process that lives. */
  get horizon(): number {
    return Math.min(...this.processes.map(({ horizon }) => horizon ?? Infinity));
  }

  /** Starts a new process. `takeOver` is for when an older one hangs. */
  boot(takeOver = false): void {
    const { machine } = this;
    const { world, profile } = machine;
    const starting = new ExchangeProcess(++this.started, machine, this.medium, this.judge, takeOver);
    const { number } = starting;
    this.processes.push(starting);
    world.tell(`process ${number} starts${takeOver ? ', taking over' : ''}`);
    if (this.started > 1 && machine.fails(profile.crashesAgain)) {
      machine.callsLeft.set(starting.process, world.random.below(40));
    }
    starting
      .start()
      .then(() => {
        if (!starting.process.isDead) this.onReady(starting);
      })
      .catch((error: unknown) => {
        if (!starting.process.isDead) this.onFailed(starting, error);
      });
  }

  /** A process is killed; the machine goes on. */
  crash(victim: ExchangeProcess, why: string): void {
    const { world } = this.machine;
    world.tell(`process ${victim.number} dies: ${why}`);
    world.count('crashes');
    if (victim.harness === undefined) world.count('crashInRecovery');
    this.bury(victim);
    this.bootLater();
  }

  /** The power goes: every process is killed, and the disk loses some of what was not synced. */
  losePower(): void {
    const { world, disk } = this.machine;
    world.tell('the power goes');
    world.count('crashes');
    if (this.newest !== undefined && this.newest.harness === undefined) world.count('crashInRecovery');
    for (const each of [...this.processes]) this.bury(each);
    disk.losePower(world.random);
    this.bootLater();
  }

  /** The newest process hangs, and another one takes over; after a while the old one goes on. */
  hang(pauseUs: number): void {
    const { world } = this.machine;
    const { serving } = this;
    if (serving === undefined) return;
    world.count('zombie');
    world.tell(`process ${serving.number} hangs`);
    world.hang(serving.process);
    world.after(pauseUs, undefined, () => {
      this.wake(serving);
    });
    world.after(world.random.below(5_000), undefined, () => {
      if (this.newest === serving) this.boot(true);
    });
  }

  /** Stops the newest process as an operator does, and starts another. */
  restart(): void {
    const { world } = this.machine;
    const { serving } = this;
    if (serving?.harness === undefined) return;
    world.count('restart');
    world.tell(`process ${serving.number} is asked to stop`);
    serving.harness
      .close()
      .then(() => {
        if (!serving.process.isDead) this.exit(serving, 'it has stopped');
      })
      .catch((error: unknown) => {
        world.fail(error);
      });
  }

  /** Ends everything but the newest process. */
  buryOld(): void {
    for (const each of this.processes) if (each !== this.newest) this.exit(each, 'it is not needed any more');
  }

  wakeAll(): void {
    for (const each of this.processes) this.wake(each);
  }

  private wake(sleeper: ExchangeProcess): void {
    if (sleeper.process.state !== 'paused') return;
    this.machine.world.tell(`process ${sleeper.number} goes on`);
    this.machine.world.resume(sleeper.process);
  }

  private onReady(ready: ExchangeProcess): void {
    const { world } = this.machine;
    const shard = ready.harness?.shard;
    if (shard === undefined) return;
    const { head, durable } = shard;
    world.tell(`process ${ready.number} serves from position ${durable}`);
    if (durable < this.judge.neededHead) {
      throw new SimulationFailure(
        `the log ends at ${durable}, but what was acknowledged ends at ${this.judge.neededHead}`,
      );
    }
    this.tellUnknown(Math.min(head, durable));
    shard.admission.onStopped((reason) => {
      world.tell(`process ${ready.number} has stopped: ${reason}`);
      if (this.newest !== ready && !reason.includes('fenced')) world.count('zombieUnknown');
      world.after(world.random.below(2_000), ready.process, () => {
        this.exit(ready, 'its shard has stopped');
      });
    });
  }

  private onFailed(failed: ExchangeProcess, error: unknown): void {
    const mayFail = !this.machine.isHealthy || error instanceof LogLockedError;
    if (error instanceof SimulationFailure || error instanceof DamagedLogError || !mayFail) {
      this.machine.world.fail(error);
      return;
    }
    this.machine.world.count('startFailed');
    this.exit(failed, `it could not start: ${error instanceof Error ? error.message : String(error)}`);
  }

  private exit(leaving: ExchangeProcess, why: string): void {
    this.machine.world.tell(`process ${leaving.number} exits: ${why}`);
    this.bury(leaving);
    this.bootLater();
  }

  private dieAtCall(process: SimulatedProcess): void {
    const victim = this.processes.find((each) => each.process === process);
    if (victim === undefined) return;
    this.machine.world.count('killedAtFileCall');
    if (this.machine.world.random.chance(0.5)) this.losePower();
    else this.crash(victim, 'in the middle of a call to the file system');
  }

  private bury(dead: ExchangeProcess): void {
    const shard = dead.harness?.shard;
    if (shard !== undefined && dead === this.newest && shard.head > shard.durable)
      this.unknown = { durable: shard.durable };
    dead.kill();
    this.processes = this.processes.filter((each) => each !== dead);
  }

  /** `durable` is the new process's head; its own first batch is two events at least. */
  private tellUnknown(durable: number): void {
    if (this.unknown === undefined) return;
    const isStored = durable - 2 > this.unknown.durable;
    this.machine.world.count(isStored ? 'unknownStored' : 'unknownNotStored');
    this.unknown = undefined;
  }

  private bootLater(): void {
    const { world } = this.machine;
    if (this.isBooting) return;
    this.isBooting = true;
    world.after(world.random.around(4_000), undefined, () => {
      this.isBooting = false;
      if (this.newest === undefined) this.boot(this.processes.length > 0);
    });
  }
}
