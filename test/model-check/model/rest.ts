import type { Checks } from './checks.js';
import type { ModelledProcess, Processes } from './processes.js';
import type { Logs } from './logs.js';
import { numberOf } from './moves.js';
import type { Shape, State } from './state.js';
import { StateTable } from '../state-table.js';
import { placeOf, type Model } from './model.js';

const MOST_STEPS = 500;

/**
 * I11: from every state, timers and restarts alone lead to rest, though no message ever arrives again. Who is down starts, what is
 * pending is appended, what falls due falls due, and every log can be read.
 */
export class Rest {
  /** States from which it is known. */
  private readonly known: StateTable;

  constructor(
    private readonly model: Model,
    private readonly shape: Shape,
    private readonly processes: Processes,
    private readonly logs: Logs,
    private readonly checks: Checks,
  ) {
    this.known = new StateTable(shape.width);
  }

  /** What is wrong with where it ends. */
  async of(from: State): Promise<readonly string[]> {
    const state = this.bare(from);
    for (let steps = 0; this.known.add(state, -1, -1); steps++) {
      if (steps > MOST_STEPS) return ['I11: timers and restarts alone do not bring it to rest'];
      if (!(await this.step(state))) return this.atRest(state);
    }
    return [];
  }

  /** What matters from here on: no message, no old writer, nothing more that goes wrong. */
  private bare(from: State): State {
    const { shape } = this;
    const state = from.slice();
    state[shape.net] = 0;
    state[shape.crashes] = 0;
    state[shape.stalls] = 0;
    for (let place = 0; place < this.model.places.length; place++) state[shape.asleep(place)] = 0;
    return state;
  }

  /** The one thing that is done next; false when nothing is left to do. */
  private async step(state: State): Promise<boolean> {
    const places = [...this.model.places.keys()];
    const { shape } = this;
    const livings = places.map((place) => {
      const live = state[shape.live(place)] ?? 0;
      return live === 0 ? undefined : this.processes.at(live - 1);
    });
    const down = livings.findIndex((process) => process === undefined);
    if (down !== -1) {
      state[shape.live(down)] = numberOf(await this.processes.begin(state[shape.log(down)] ?? 0));
      return true;
    }
    const dirty = livings.findIndex((process) => process?.isDirty);
    if (dirty !== -1) return this.tell(state, dirty, livings[dirty], this.processes.commit);
    const asking = livings.findIndex((process) => (process?.lookUps.length ?? 0) > 0);
    if (asking !== -1) return this.tell(state, asking, livings[asking], await this.answer(state, livings[asking]));
    // Initiators first: as long as one of them is undecided, its responder's deadline comes to nothing.
    const initiating = livings.findIndex((process) => process?.timers.some((timer) => timer.startsWith('initiator')));
    const waiting = initiating === -1 ? livings.findIndex((process) => (process?.timers.length ?? 0) > 0) : initiating;
    if (waiting === -1) return false;
    return this.tell(state, waiting, livings[waiting], this.processes.deadline);
  }

  private async answer(state: State, process: ModelledProcess | undefined): Promise<number> {
    const deal = process?.lookUps[0] ?? '';
    const home = placeOf(this.model, Number(deal.split('-')[0]));
    const decision = await this.logs.decisionIn(state[this.shape.log(home)] ?? 0, deal);
    return this.processes.input({ kind: 'ledger', deal, decision });
  }

  private async tell(
    state: State,
    place: number,
    process: ModelledProcess | undefined,
    input: number,
  ): Promise<boolean> {
    if (process === undefined) return false;
    const { shape } = this;
    const { to, wasAppended } = this.processes.known(process, input) ?? (await this.processes.tell(process, input));
    state[shape.live(place)] = numberOf(to);
    if (wasAppended) state[shape.log(place)] = this.logs.append(state[shape.log(place)] ?? 0, process.pending);
    return true;
  }

  private atRest(state: State): readonly string[] {
    const { shape } = this;
    const findings: string[] = [];
    const views = this.model.places.map((_, place) => {
      const live = this.processes.at((state[shape.live(place)] ?? 0) - 1);
      if (live.reservedLots > 0 || live.openDeals > 0) {
        findings.push(
          `I11: at rest ${live.reservedLots} lots are still reserved in shard ${this.model.places[place]?.shard}`,
        );
      }
      const log = state[shape.log(place)] ?? 0;
      return { log, view: log };
    });
    return [...findings, ...this.checks.inState(views), ...this.checks.atRest(views)];
  }
}
