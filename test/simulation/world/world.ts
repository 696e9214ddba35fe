/**
 * Simulated time, and the processes that live in it. Unlike VirtualTime it goes by microseconds, knows whose task each one is, and draws
 * what comes first.
 *
 * 1. Everything that happens is a task in one queue, by its time; tasks due at the same microsecond run in an order drawn by lot.
 * 2. The next task runs only once every promise that the last one settled has been followed to its end. So nothing depends on Node's
 *    event loop, and the seed alone decides the order of all that happens.
 * 3. A paused process's tasks wait for it; those of a dead one never run.
 */
import type { Random } from '../../support/random.js';
import type { Trace } from '../trace.js';
import { emptyTally, type Counted } from '../checks/tally.js';

interface Task {
  readonly dueUs: number;
  readonly lot: number;
  readonly process: SimulatedProcess | undefined;
  readonly run: () => void;
  isCancelled: boolean;
}

/** A process as the system sees it. */
export class SimulatedProcess {
  state: 'running' | 'paused' | 'dead' = 'running';
  readonly held: (() => void)[] = [];
  /** Its calls to the system that are under way: when it dies or hangs, each of them has got anywhere. */
  readonly inFlight = new Set<() => void>();

  constructor(readonly number: number) {}

  get isDead(): boolean {
    return this.state === 'dead';
  }
}

export class World {
  nowUs = 0;
  readonly tally = emptyTally();
  private readonly tasks: Task[] = [];
  private failure: Error | undefined;

  constructor(
    readonly random: Random,
    readonly trace: Trace,
  ) {}

  /** Runs a task after so many microseconds, in the name of a process or of nobody. Returns a function that calls it off. */
  after(delayUs: number, process: SimulatedProcess | undefined, run: () => void): () => void {
    const dueUs = this.nowUs + Math.max(0, Math.ceil(delayUs));
    const task: Task = { dueUs, lot: this.random.below(0x4000_0000), process, run, isCancelled: false };
    this.push(task);
    return () => {
      task.isCancelled = true;
    };
  }

  /** Resolves after so many microseconds of a process's life; never, if it dies before. */
  pause(delayUs: number, process: SimulatedProcess | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayUs, process, resolve);
    });
  }

  tell(what: string): void {
    this.trace.tell(`${(this.nowUs / 1_000).toFixed(3).padStart(10)} ${what}`);
  }

  count(what: Counted, times = 1): void {
    this.tally[what] += times;
  }

  /** Ends the run: what follows a promise cannot throw to the caller of `run`. */
  fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
  }

  /** Lets things happen until this says that it is enough. Throws what anybody failed with. */
  async run(isEnough: () => boolean): Promise<void> {
    await this.settle();
    while (!isEnough()) {
      const task = this.pop();
      if (task === undefined) throw new Error('nothing is left to happen, and it is not enough');
      if (task.isCancelled || task.process?.isDead === true) continue;
      this.nowUs = task.dueUs;
      if (task.process?.state === 'paused') {
        task.process.held.push(task.run);
        continue;
      }
      this.count('events');
      task.run();
      await this.settle();
    }
  }

  /** Returns once no promise has anything left to do: only then does Node's event loop go round. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failure !== undefined) throw this.failure;
  }

  /** Others may see part of what it is writing. */
  hang(process: SimulatedProcess): void {
    process.state = 'paused';
    for (const stop of process.inFlight) stop();
  }

  resume(process: SimulatedProcess): void {
    if (process.state !== 'paused') return;
    process.state = 'running';
    for (const run of process.held.splice(0)) this.after(this.random.below(200), process, run);
  }

  kill(process: SimulatedProcess): void {
    if (process.isDead) return;
    process.state = 'dead';
    for (const stop of process.inFlight) stop();
    process.inFlight.clear();
    process.held.length = 0;
  }

  // A binary heap.

  private push(task: Task): void {
    const { tasks } = this;
    let at = tasks.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = tasks[above] as Task; // within the heap
      if (!isBefore(task, parent)) break;
      tasks[at] = parent;
      at = above;
    }
    tasks[at] = task;
  }

  private pop(): Task | undefined {
    const { tasks } = this;
    const first = tasks[0];
    const last = tasks.pop();
    if (last === undefined || tasks.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= tasks.length) break;
      const [left, right] = [tasks[below] as Task, tasks[below + 1]]; // within the heap
      if (right !== undefined && isBefore(right, left)) below++;
      const child = tasks[below] as Task; // within the heap
      if (!isBefore(child, last)) break;
      tasks[at] = child;
      at = below;
    }
    tasks[at] = last;
    return first;
  }
}

function isBefore(one: Task, other: Task): boolean {
  return one.dueUs === other.dueUs ? one.lot < other.lot : one.dueUs < other.dueUs;
}
