/**
 * Goes through every state of a model, breadth first: every possible next step of every process is tried. The first thing found
 * wrong has therefore the shortest trace.
 */
import { Checks, type Viewed } from './model/checks.js';
import { Fault } from './model/fault.js';
import { Interned } from './interned.js';
import { type ModelledProcess, Processes } from './model/processes.js';
import { Logs } from './model/logs.js';
import { Moves, numberOf } from './model/moves.js';
import { Rest } from './model/rest.js';
import { Nets, Shape, type State } from './model/state.js';
import { StateTable } from './state-table.js';
import type { Step } from './model/step.js';
import { opening, placeOf, type Sometimes, type Model } from './model/model.js';

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Processes of processes that differ, and how often one was lived. */
  readonly processes: number;
  readonly lived: number;
  readonly seen: ReadonlySet<Sometimes>;
  readonly failure: Failure | undefined;
}

export interface Failure {
  readonly findings: readonly string[];
  readonly trace: readonly Step[];
}

export class Explorer {
  private readonly logs = new Logs();
  private readonly processes: Processes;
  private readonly steps = new Interned<Step>();
  private readonly shape: Shape;
  private readonly nets: Nets;
  private readonly checks: Checks;
  private readonly rest: Rest;
  private readonly moves: Moves;
  private readonly fault: Fault;
  private readonly table: StateTable;
  private readonly next: State;
  private transitions = 0;
  private row = 0;
  private failure: Failure | undefined;

  constructor(private readonly model: Model) {
    const { logs } = this;
    // Only an arrival deals with somebody of its own shard.
    const isWithin = model.places.some(({ posted, arriving }) => posted.length > 0 && arriving.length > 0);
    const processes = (this.processes = new Processes(logs, isWithin));
    const shape = (this.shape = new Shape(model));
    const next = (this.next = new Int32Array(shape.width));
    const nets = (this.nets = new Nets(processes, (id) => placeOf(this.model, id), model.places.length));
    const reach = this.reach.bind(this);
    this.checks = new Checks(model, logs, processes.seen);
    this.rest = new Rest(model, shape, processes, logs, this.checks);
    this.moves = new Moves(model, shape, processes, logs, nets, next, reach);
    this.fault = new Fault(model, shape, processes, logs, next, reach, (findings) => {
      this.fail(findings);
    });
    this.table = new StateTable(shape.width);
  }

  async run(): Promise<Explored> {
    const state = await this.begin();
    const { table, processes } = this;
    for (this.row = 0; this.row < table.size; this.row++) {
      table.read(this.row, state);
      for (let place = 0; place < this.model.places.length; place++) await this.expand(state, place);
      this.fail(await this.rest.of(state));
      if (this.failure !== undefined) break;
    }
    const { transitions, failure } = this;
    const depth = table.depth(table.size - 1);
    return {
      states: table.size,
      transitions,
      depth,
      processes: processes.size,
      lived: processes.lived,
      seen: processes.seen,
      failure,
    };
  }

  private async begin(): Promise<State> {
    const { shape, processes } = this;
    const state = new Int32Array(shape.width);
    for (const [place, at] of this.model.places.entries()) {
      const log = this.logs.append(this.logs.empty(at.shard), opening(at));
      const { to } = await processes.tell(await processes.begin(log), processes.commit);
      state[shape.log(place)] = log;
      state[shape.live(place)] = numberOf(to);
    }
    state[shape.net] = this.nets.of(this.model.announcements.map((message) => processes.message(message)));
    this.table.add(state, -1, -1);
    return state;
  }

  private async expand(state: State, place: number): Promise<void> {
    const { shape, processes, moves, fault } = this;
    const live = state[shape.live(place)] ?? 0;
    const asleep = state[shape.asleep(place)] ?? 0;
    const log = state[shape.log(place)] ?? 0;
    if (asleep !== 0) await moves.act(state, place, processes.at(asleep - 1), true);
    if (live === 0) return; // its log has refused it, which only a broken exchange brings about
    await moves.act(state, place, processes.at(live - 1), false);
    await fault.strike(state, place, processes.at(live - 1), log);
  }

  private reach(key: string, process: ModelledProcess | undefined, step: () => Step): void {
    if (this.failure !== undefined) return;
    this.transitions++;
    const number = this.steps.add(key, step);
    if (!this.table.add(this.next, this.row, number)) return;
    this.fail([...(process?.findings ?? []), ...this.checks.inState(this.views(this.next))], number);
  }

  private views(state: State): Viewed[] {
    const { shape } = this;
    return this.model.places.map((_, place) => {
      const log = state[shape.log(place)] ?? 0;
      const live = state[shape.live(place)] ?? 0;
      return { log, view: live === 0 ? log : this.processes.at(live - 1).viewLog };
    });
  }

  /** Keeps the first that is wrong, if anything is. */
  private fail(findings: readonly string[], last?: number): void {
    if (findings.length === 0) return;
    const path = this.table.pathTo(this.row);
    if (last !== undefined) path.push(last);
    this.failure ??= { findings, trace: path.map((step) => this.steps.at(step)) };
  }
}
