/** What may happen next in one shard when nothing goes wrong: every input that its processes may receive. */
import { type ModelledProcess, type Processes, added } from './processes.js';
import type { Log, Logs } from './logs.js';
import type { Nets, Shape, State } from './state.js';
import type { Step } from './step.js';
import { announcementsLeft, placeOf, type Model } from './model.js';

/** A state that follows: `next` holds it. The key tells its step from others; the process is the one that made it. */
export type Reach = (key: string, process: ModelledProcess | undefined, step: () => Step) => void;

export class Moves {
  private readonly arrivals: readonly (readonly number[])[];
  private state: State;

  constructor(
    private readonly model: Model,
    private readonly shape: Shape,
    private readonly processes: Processes,
    private readonly logs: Logs,
    private readonly nets: Nets,
    private readonly next: State,
    private readonly reach: Reach,
  ) {
    this.state = next;
    this.arrivals = model.places.map(({ arriving }) =>
      arriving.map((posting) => processes.input({ kind: 'post', posting })),
    );
  }

  /** The turns that a process may take. */
  async act(state: State, place: number, process: ModelledProcess, isOld: boolean): Promise<void> {
    this.state = state;
    const { processes } = this;
    if (process.isDirty) await this.commit(place, process, isOld);
    // What an old writer has in its hand nobody will ever see: more of it makes no difference.
    if (!process.hasStarted || (isOld && process.isDirty)) return;
    const net = this.state[this.shape.net] ?? 0;
    const facts = this.logs.at(process.viewLog);
    for (const input of this.nets.inputs(net, place)) {
      if (this.isOverLimit(input, facts)) continue;
      await this.tell(place, process, input, isOld, 'message');
    }
    if (process.timers.length > 0)
      await this.tell(place, process, processes.deadline, isOld, 'deadline', process.timers[0]);
    for (const deal of process.lookUps) await this.answer(place, process, deal, isOld);
    // In their order: ids are handed out as intentions come.
    const arriving = this.arrivals[place]?.find((input) => !hasPosted(facts, processes.inputs.at(input)));
    if (arriving !== undefined) await this.tell(place, process, arriving, isOld, 'post');
  }

  private isOverLimit(input: number, log: Log): boolean {
    const told = this.processes.inputs.at(input);
    return told.kind === 'message' && announcementsLeft(this.model, told.message, log.facts.proposed.keys()) <= 0;
  }

  /** A look into the other log may find what is there, or be too early for it: readers lag. */
  private async answer(place: number, process: ModelledProcess, deal: string, isOld: boolean): Promise<void> {
    const home = placeOf(this.model, Number(deal.split('-')[0]));
    const decision = await this.logs.decisionIn(this.state[this.shape.log(home)] ?? 0, deal);
    const silent = this.processes.input({ kind: 'ledger', deal, decision: undefined });
    await this.tell(place, process, silent, isOld, 'ledger', `deal ${deal}: nothing yet`);
    if (decision === undefined) return;
    const found = this.processes.input({ kind: 'ledger', deal, decision });
    const outcome = decision.quantityLots > 0 ? `confirmed, ${decision.quantityLots} lots` : 'aborted';
    await this.tell(place, process, found, isOld, 'ledger', `deal ${deal}: ${outcome}`);
  }

  private async tell(
    place: number,
    process: ModelledProcess,
    input: number,
    isOld: boolean,
    kind: Step['kind'],
    note = '',
  ): Promise<void> {
    const { shape, next, processes } = this;
    const { to, messages } = processes.known(process, input) ?? (await processes.tell(process, input));
    next.set(this.state);
    next[isOld ? shape.asleep(place) : shape.live(place)] = numberOf(to);
    next[shape.net] = this.nets.add(next[shape.net] ?? 0, messages);
    this.reach(`${place} ${process.number} ${input} ${isOld}`, to, () => {
      const told = processes.inputs.at(input);
      const recorded = to === undefined ? [] : added(process.pending, to.pending);
      return {
        place,
        kind,
        isOld,
        note,
        stored: [],
        recorded,
        ...(told.kind === 'message' ? { message: told.message } : {}),
      };
    });
  }

  /** What is pending becomes durable, and messages leave. To an old writer its log says no. */
  private async commit(place: number, process: ModelledProcess, isOld: boolean): Promise<void> {
    const { shape, next, processes, logs } = this;
    const input = isOld ? processes.fenced : processes.commit;
    const { to, messages, wasAppended } = processes.known(process, input) ?? (await processes.tell(process, input));
    next.set(this.state);
    next[isOld ? shape.asleep(place) : shape.live(place)] = numberOf(to);
    const isIn = wasAppended && to !== undefined;
    if (isIn) next[shape.log(place)] = logs.append(next[shape.log(place)] ?? 0, process.pending);
    next[shape.net] = this.nets.add(next[shape.net] ?? 0, messages);
    this.reach(`${place} ${process.number} commit ${isOld}`, to, () => ({
      place,
      kind: isIn ? 'commit' : 'fenced',
      isOld,
      note: isIn ? '' : 'an older writer: its batch is refused, and it stops',
      stored: [],
      recorded: [],
    }));
  }
}

/** The process as a state holds it: 0 is nobody. */
export function numberOf(process: ModelledProcess | undefined): number {
  return process === undefined ? 0 : process.number + 1;
}

function hasPosted({ events }: Log, input: ReturnType<Processes['inputs']['at']>): boolean {
  if (input.kind !== 'post') return false;
  const { id } = input.posting;
  return events.some((event) => {
    if (event.type === 'PostRefused') return event.clientIntentionId === `c-${id}`;
    return event.type === 'IntentionPosted' && event.intentionId === id;
  });
}
