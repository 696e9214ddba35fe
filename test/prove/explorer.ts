/**
 * Goes through every state of a world, breadth first: whatever is possible next is tried, whoever it happens to. The first thing found
 * wrong has therefore the shortest story.
 */
import { Checks, type Viewed } from './checks.js';
import { Harm } from './harm.js';
import { Interned } from './interned.js';
import { type Living, Lives } from './lives.js';
import { Logs } from './logs.js';
import { Moves, numberOf } from './moves.js';
import { Rest } from './rest.js';
import { Nets, Shape, type State } from './state.js';
import { StateTable } from './state-table.js';
import type { Step } from './step.js';
import { opening, placeOf, type Sometimes, type World } from './world.js';

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Lives of processes that differ, and how often one was lived. */
  readonly lives: number;
  readonly lived: number;
  readonly seen: ReadonlySet<Sometimes>;
  readonly failure: Failure | undefined;
}

export interface Failure {
  readonly findings: readonly string[];
  readonly story: readonly Step[];
}

export class Explorer {
  private readonly logs = new Logs();
  private readonly lives = new Lives(this.logs);
  private readonly steps = new Interned<Step>();
  private readonly shape: Shape;
  private readonly nets: Nets;
  private readonly checks: Checks;
  private readonly rest: Rest;
  private readonly moves: Moves;
  private readonly harm: Harm;
  private readonly table: StateTable;
  private readonly next: State;
  private transitions = 0;
  private row = 0;
  private failure: Failure | undefined;

  constructor(private readonly world: World) {
    const { lives, logs } = this;
    const shape = (this.shape = new Shape(world));
    const next = (this.next = new Int32Array(shape.width));
    const nets = (this.nets = new Nets(lives, (id) => placeOf(this.world, id), world.places.length));
    const reach = this.reach.bind(this);
    this.checks = new Checks(world, logs, lives.seen);
    this.rest = new Rest(world, shape, lives, logs, this.checks);
    this.moves = new Moves(world, shape, lives, logs, nets, next, reach);
    this.harm = new Harm(world, shape, lives, logs, next, reach, (findings) => {
      this.fail(findings);
    });
    this.table = new StateTable(shape.width);
  }

  async run(): Promise<Explored> {
    const state = await this.begin();
    const { table, lives } = this;
    for (this.row = 0; this.row < table.size; this.row++) {
      table.read(this.row, state);
      for (let place = 0; place < this.world.places.length; place++) await this.expand(state, place);
      this.fail(await this.rest.of(state));
      if (this.failure !== undefined) break;
    }
    const { transitions, failure } = this;
    const depth = table.depth(table.size - 1);
    return { states: table.size, transitions, depth, lives: lives.size, lived: lives.lived, seen: lives.seen, failure };
  }

  private async begin(): Promise<State> {
    const { shape, lives } = this;
    const state = new Int32Array(shape.width);
    for (const [place, at] of this.world.places.entries()) {
      const log = this.logs.append(this.logs.empty(at.shard), opening(at));
      const { to } = await lives.tell(await lives.begin(log), lives.commit);
      state[shape.log(place)] = log;
      state[shape.live(place)] = numberOf(to);
    }
    state[shape.net] = this.nets.of(this.world.announcements.map((letter) => lives.letter(letter)));
    this.table.add(state, -1, -1);
    return state;
  }

  private async expand(state: State, place: number): Promise<void> {
    const { shape, lives, moves, harm } = this;
    const live = state[shape.live(place)] ?? 0;
    const asleep = state[shape.asleep(place)] ?? 0;
    const log = state[shape.log(place)] ?? 0;
    if (asleep !== 0) await moves.act(state, place, lives.at(asleep - 1), true);
    if (live === 0) return; // its log has refused it, which only a broken exchange brings about
    await moves.act(state, place, lives.at(live - 1), false);
    await harm.strike(state, place, lives.at(live - 1), log);
  }

  private reach(key: string, living: Living | undefined, step: () => Step): void {
    if (this.failure !== undefined) return;
    this.transitions++;
    const number = this.steps.add(key, step);
    if (!this.table.add(this.next, this.row, number)) return;
    this.fail([...(living?.findings ?? []), ...this.checks.inState(this.views(this.next))], number);
  }

  private views(state: State): Viewed[] {
    const { shape } = this;
    return this.world.places.map((_, place) => {
      const log = state[shape.log(place)] ?? 0;
      const live = state[shape.live(place)] ?? 0;
      return { log, view: live === 0 ? log : this.lives.at(live - 1).viewLog };
    });
  }

  /** Keeps the first that is wrong, if anything is. */
  private fail(findings: readonly string[], last?: number): void {
    if (findings.length === 0) return;
    const path = this.table.pathTo(this.row);
    if (last !== undefined) path.push(last);
    this.failure ??= { findings, story: path.map((step) => this.steps.at(step)) };
  }
}
