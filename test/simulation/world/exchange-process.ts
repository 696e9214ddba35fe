import type { OpenOptions } from '../../../src/exchange/recovery/recovery.js';
import type { Logger } from '../../../src/resilience/logger.js';
import type { Scheduler } from '../../../src/exchange/shard/scheduler.js';
import { SnapshotFolder } from '../../../src/exchange/snapshots/snapshot-files.js';
import { SnapshotStore } from '../../../src/exchange/snapshots/snapshots.js';
import type { ShardLog } from '../../../src/log/port.js';
import { byMessages, failWhen } from '../../support/reference/faults.js';
import type { Step } from '../../support/reference/steps.js';
import { type Asked, ExchangeHarness } from '../../support/reference/exchange-harness.js';
import { DiskFiles } from './disk-files.js';
import type { Entry } from '../entry.js';
import { SimulationFailure } from '../checks/failure.js';
import type { Judge } from '../checks/judge.js';
import type { LogMedium } from './log-medium.js';
import type { Machine } from './machine.js';
import { listenTo } from './operator-log.js';
import type { Junk, Request } from './requests.js';
import { SimulatedProcess } from './world.js';

const IDS_SEED_BOUND = 0x7fff_ffff;

/** One process of the exchange, from its start to its end: the real exchange on simulated time, log and disk. */
export class ExchangeProcess {
  readonly process: SimulatedProcess;
  /** Undefined until the exchange serves. */
  harness: ExchangeHarness | undefined;
  /** Commands that were given and not answered. */
  private readonly unanswered = new Set<Entry>();
  /** Processes that die with this one. */
  private readonly helpers: SimulatedProcess[] = [];
  private readonly log: ShardLog;
  private readonly listener: Logger;

  constructor(
    number: number,
    private readonly machine: Machine,
    private readonly medium: LogMedium,
    private readonly judge: Judge,
    takeOver: boolean,
  ) {
    this.process = new SimulatedProcess(number);
    this.listener = listenTo(machine.world, number);
    this.log = medium.of(this.process, this.listener, takeOver);
  }

  get number(): number {
    return this.process.number;
  }

  get isReady(): boolean {
    return this.harness !== undefined && this.process.state === 'running';
  }

  /** Starts the exchange; the promise never settles if the process dies before it serves. */
  async start(): Promise<ExchangeHarness> {
    const { machine } = this;
    const { random } = machine.world;
    const mayFail = machine.profile.negotiatorFails > 0;
    const options: OpenOptions = {
      clock: () => machine.nowMs(),
      scheduler: this.scheduler(),
      logger: this.listener,
      clientIdsSeed: random.below(IDS_SEED_BOUND),
      maxRestarts: machine.profile.maxRestarts,
      ...(mayFail ? byMessages : {}),
      ...(random.chance(0.8) ? { snapshots: this.snapshots(this.process) } : {}),
    };
    const harness = await ExchangeHarness.open(this.log, options);
    if (mayFail) failWhen(harness.shard, () => this.doesNegotiatorFail());
    this.harness = harness;
    return harness;
  }

  /** Carries a request out; `reply` hears the answer once it leaves the process, unless the outcome is unknown. */
  handle(request: Request, reply: (asked: Asked) => void): void {
    const { harness } = this;
    if (harness === undefined) return;
    if (request.kind === 'junk') {
      this.refuse(harness, request, reply);
      return;
    }
    const entry = this.begin(harness, request);
    harness
      .ask(request, 'durable')
      .then((asked) => {
        this.unanswered.delete(entry);
        if (this.process.isDead || isUnknown(asked)) return;
        entry.asked = asked;
        this.judge.answered(entry);
        reply(asked);
      })
      .catch((error: unknown) => {
        this.machine.world.fail(error);
      });
  }

  /** Brings a snapshot up to date, as a process of its own that reads the log beside the writer. */
  makeSnapshot(): void {
    const { machine, medium } = this;
    const helper = new SimulatedProcess(this.number * 1_000 + this.helpers.length + 1);
    this.helpers.push(helper);
    this.snapshots(helper)
      .make(medium.of(helper, undefined))
      .then((position) => {
        machine.world.count('snapshotMade');
        machine.world.tell(`snapshot at ${position}`);
      })
      .catch((error: unknown) => {
        machine.world.tell(`no snapshot: ${String(error)}`);
      });
  }

  /** No answer that may still come rests on less than this position; undefined where none can come. */
  get horizon(): number | undefined {
    if (this.process.isDead || this.harness === undefined) return undefined;
    const begun = [...this.unanswered].map(({ headBefore }) => headBefore ?? Infinity);
    return Math.min(this.harness.shard.durable, ...begun);
  }

  /** Nothing is under way, and all that was recorded is durable. */
  get isAtRest(): boolean {
    const shard = this.harness?.shard;
    return shard?.admission.isServing === true && shard.durable === shard.head;
  }

  kill(): void {
    for (const process of [this.process, ...this.helpers]) this.machine.world.kill(process);
    this.unanswered.clear();
  }

  private begin(harness: ExchangeHarness, step: Step): Entry {
    const { shard } = harness;
    const entry: Entry = { step, process: this.number, headBefore: undefined, atMs: 0, turn: 0, asked: undefined };
    const note = (): void => {
      entry.headBefore = shard.head;
      entry.atMs = shard.clock.nowMs();
      entry.turn = this.machine.world.tally.commands++;
    };
    this.unanswered.add(entry);
    if (shard.admission.isServing) {
      note();
    } else {
      // It will wait for its turn behind this one, which sees what it will see.
      shard.submit(
        () => {
          note();
          return () => undefined;
        },
        () => undefined,
      );
    }
    return entry;
  }

  private refuse(harness: ExchangeHarness, { command, code }: Junk, reply: (asked: Asked) => void): void {
    harness.exchange
      .post(command)
      .then((answer) => {
        const asked = { answer, result: answer.ok ? { posted: Number(answer.id) } : { refused: answer.code } };
        if (this.process.isDead || isUnknown(asked)) return;
        if (answer.ok || answer.code !== code) {
          throw new SimulationFailure(`this must be refused as ${code}`, { command, answer });
        }
        reply(asked);
      })
      .catch((error: unknown) => {
        this.machine.world.fail(error);
      });
  }

  private doesNegotiatorFail(): boolean {
    if (!this.machine.fails(this.machine.profile.negotiatorFails)) return false;
    this.machine.world.count('negotiatorFailed');
    return true;
  }

  private snapshots(process: SimulatedProcess): SnapshotStore {
    return new SnapshotStore('', this.listener, {
      files: new SnapshotFolder('/snapshots', { disk: new DiskFiles(this.machine, process) }),
      clientIdsSeed: this.machine.world.random.below(IDS_SEED_BOUND),
    });
  }

  private scheduler(): Scheduler {
    const { world } = this.machine;
    return {
      soon: (task) => {
        world.after(world.random.below(20), this.process, task);
      },
      after: (delayMs, task) => world.after(delayMs * 1_000 + world.random.below(1_000), this.process, task),
    };
  }
}

function isUnknown({ result }: Asked): boolean {
  return 'refused' in result && result.refused === 'SHARD_UNAVAILABLE';
}
