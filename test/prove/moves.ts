/** What may happen next at one place when nothing goes wrong: whatever its processes may be told. */
import { type Living, type Lives, added } from './lives.js';
import type { Log, Logs } from './logs.js';
import type { Nets, Shape, State } from './state.js';
import type { Step } from './step.js';
import { announcementsLeft, placeOf, type World } from './world.js';

/** A state that follows: `next` holds it. The key tells its step from others; the process is the one that made it. */
export type Reach = (key: string, living: Living | undefined, step: () => Step) => void;

export class Moves {
  private readonly arrivals: readonly (readonly number[])[];
  private state: State;

  constructor(
    private readonly world: World,
    private readonly shape: Shape,
    private readonly lives: Lives,
    private readonly logs: Logs,
    private readonly nets: Nets,
    private readonly next: State,
    private readonly reach: Reach,
  ) {
    this.state = next;
    this.arrivals = world.places.map(({ arriving }) =>
      arriving.map((posting) => lives.input({ kind: 'post', posting })),
    );
  }

  /** The turns that a process may take. */
  async act(state: State, place: number, living: Living, isOld: boolean): Promise<void> {
    this.state = state;
    const { lives } = this;
    if (living.isDirty) await this.commit(place, living, isOld);
    // What an old writer has in its hand nobody will ever see: more of it makes no difference.
    if (!living.hasStarted || (isOld && living.isDirty)) return;
    const net = this.state[this.shape.net] ?? 0;
    const facts = this.logs.at(living.viewLog);
    for (const input of this.nets.inputs(net, place)) {
      if (this.isOverLimit(input, facts)) continue;
      await this.tell(place, living, input, isOld, 'letter');
    }
    if (living.timers.length > 0) await this.tell(place, living, lives.deadline, isOld, 'deadline', living.timers[0]);
    for (const deal of living.lookUps) await this.answer(place, living, deal, isOld);
    // In their order: ids are handed out as intentions come.
    const arriving = this.arrivals[place]?.find((input) => !hasPosted(facts, lives.inputs.at(input)));
    if (arriving !== undefined) await this.tell(place, living, arriving, isOld, 'post');
  }

  private isOverLimit(input: number, log: Log): boolean {
    const told = this.lives.inputs.at(input);
    return told.kind === 'letter' && announcementsLeft(this.world, told.letter, log.facts.proposed.keys()) <= 0;
  }

  /** A look into the other log may find what is there, or be too early for it: readers lag. */
  private async answer(place: number, living: Living, deal: string, isOld: boolean): Promise<void> {
    const home = placeOf(this.world, Number(deal.split('-')[0]));
    const decision = await this.logs.decisionIn(this.state[this.shape.log(home)] ?? 0, deal);
    const silent = this.lives.input({ kind: 'ledger', deal, decision: undefined });
    await this.tell(place, living, silent, isOld, 'ledger', `deal ${deal}: nothing yet`);
    if (decision === undefined) return;
    const found = this.lives.input({ kind: 'ledger', deal, decision });
    const outcome = decision.quantityLots > 0 ? `confirmed, ${decision.quantityLots} lots` : 'aborted';
    await this.tell(place, living, found, isOld, 'ledger', `deal ${deal}: ${outcome}`);
  }

  private async tell(
    place: number,
    living: Living,
    input: number,
    isOld: boolean,
    kind: Step['kind'],
    note = '',
  ): Promise<void> {
    const { shape, next, lives } = this;
    const { to, letters } = lives.known(living, input) ?? (await lives.tell(living, input));
    next.set(this.state);
    next[isOld ? shape.asleep(place) : shape.live(place)] = numberOf(to);
    next[shape.net] = this.nets.add(next[shape.net] ?? 0, letters);
    this.reach(`${place} ${living.number} ${input} ${isOld}`, to, () => {
      const told = lives.inputs.at(input);
      const recorded = to === undefined ? [] : added(living.pending, to.pending);
      return {
        place,
        kind,
        isOld,
        note,
        stored: [],
        recorded,
        ...(told.kind === 'letter' ? { letter: told.letter } : {}),
      };
    });
  }

  /** What is pending becomes durable, and letters leave. To an old writer its log says no. */
  private async commit(place: number, living: Living, isOld: boolean): Promise<void> {
    const { shape, next, lives, logs } = this;
    const input = isOld ? lives.fenced : lives.commit;
    const { to, letters, wasAppended } = lives.known(living, input) ?? (await lives.tell(living, input));
    next.set(this.state);
    next[isOld ? shape.asleep(place) : shape.live(place)] = numberOf(to);
    const isIn = wasAppended && to !== undefined;
    if (isIn) next[shape.log(place)] = logs.append(next[shape.log(place)] ?? 0, living.pending);
    next[shape.net] = this.nets.add(next[shape.net] ?? 0, letters);
    this.reach(`${place} ${living.number} commit ${isOld}`, to, () => ({
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
export function numberOf(living: Living | undefined): number {
  return living === undefined ? 0 : living.number + 1;
}

function hasPosted({ events }: Log, input: ReturnType<Lives['inputs']['at']>): boolean {
  if (input.kind !== 'post') return false;
  const { id } = input.posting;
  return events.some((event) => event.type === 'IntentionPosted' && event.intentionId === id);
}
