import type { Machine } from './machine.js';
import type { Operator } from './operator.js';
import type { FaultKind } from '../profile.js';

/** Causes the faults that no command causes, each at random moments of its own, until the machine is healthy again. */
export class Chaos {
  constructor(
    private readonly machine: Machine,
    private readonly operator: Operator,
  ) {}

  begin(): void {
    const { every } = this.machine.profile;
    for (const kind of Object.keys(every) as FaultKind[]) this.next(kind, every[kind]); // the record's own keys
  }

  private next(kind: FaultKind, meanUs: number | undefined): void {
    if (meanUs === undefined) return;
    const { world } = this.machine;
    world.after(world.random.around(meanUs), undefined, () => {
      if (this.machine.isHealthy) return;
      this.cause(kind);
      this.next(kind, meanUs);
    });
  }

  private cause(kind: FaultKind): void {
    const { machine, operator } = this;
    const { world } = machine;
    const { newest, serving } = operator;
    switch (kind) {
      case 'kill':
        if (newest === undefined) return;
        world.count('processKilled');
        operator.crash(newest, 'killed');
        return;
      case 'power':
        world.count('powerLost');
        operator.losePower();
        return;
      case 'atCall':
        if (serving !== undefined) machine.callsLeft.set(serving.process, world.random.below(30));
        return;
      case 'restart':
        operator.restart();
        return;
      case 'zombie':
        operator.hang(world.random.around(40_000));
        return;
      case 'diskFull':
        this.fillDisk();
        return;
      case 'clock':
        this.jumpClock();
        return;
      case 'snapshot':
        serving?.makeSnapshot();
        return;
    }
  }

  private fillDisk(): void {
    const { machine } = this;
    const { world } = machine;
    world.count('diskFull');
    world.tell('the disk is full');
    machine.isDiskFull = true;
    world.after(world.random.around(20_000), undefined, () => {
      world.tell('the disk has room again');
      machine.isDiskFull = false;
    });
  }

  private jumpClock(): void {
    const { machine } = this;
    const { world } = machine;
    const byMs = world.random.between(-800, 800);
    world.count(byMs < 0 ? 'clockBack' : 'clockForward');
    world.tell(`the clock jumps by ${byMs} ms`);
    machine.skewMs += byMs;
  }
}
