/** What may go wrong in one shard: crashes, appends whose outcome nobody learns, processes that hang while a successor starts. */
import type { Event } from '../../../src/events/event.js';
import type { ModelledProcess, Processes } from './processes.js';
import type { Decided, LogFacts, Logs } from './logs.js';
import { numberOf, type Reach } from './moves.js';
import type { Shape, State } from './state.js';
import type { Model } from './model.js';

export class Fault {
  private state: State;

  constructor(
    private readonly model: Model,
    private readonly shape: Shape,
    private readonly processes: Processes,
    private readonly logs: Logs,
    private readonly next: State,
    private readonly reach: Reach,
    /** Receives what is wrong with a process by itself. */
    private readonly fail: (findings: readonly string[]) => void,
  ) {
    this.state = next;
  }

  async strike(state: State, place: number, process: ModelledProcess, log: number): Promise<void> {
    this.state = state;
    const { shape, model } = this;
    const { crashes, stalls, lateDecisions } = model.limits;
    const mayCrash = (state[shape.crashes] ?? 0) < crashes;
    const mayStall = (state[shape.stalls] ?? 0) < stalls && state[shape.asleep(place)] === 0;
    if (!mayCrash && !mayStall) return;
    if (process.isDirty) await this.refuse(process);
    for (let stored = 0; stored <= process.pending.length; stored++) {
      const events = process.pending.slice(0, stored);
      const left = this.logs.append(log, events);
      if (mayCrash) await this.crash(place, process, left, events, stored);
      if (mayCrash && lateDecisions) await this.crashLate(place, process, left, events);
      if (mayStall) await this.succeed(place, process, left, 'stall', 'falls asleep; a successor starts', events);
    }
  }

  /** An append of unknown outcome, seen from inside: the process stops and says nothing. Seen from outside it is a crash. */
  private async refuse(process: ModelledProcess): Promise<void> {
    const wrong = await this.processes.refuse(process, 'unknown');
    if (wrong !== undefined) this.fail([wrong]);
  }

  private async crash(
    place: number,
    process: ModelledProcess,
    log: number,
    events: readonly Event[],
    stored: number,
  ): Promise<void> {
    if (process.pending.length > 0) {
      const isAll = stored === process.pending.length;
      const what = isAll
        ? 'an append of unknown outcome that was stored'
        : 'an append of unknown outcome that was lost';
      this.processes.seen.add(stored > 0 && !isAll ? 'a batch of which only a part was stored' : what);
    }
    const lost = process.pending.length - stored;
    const note = process.isDirty
      ? `dies with a batch in its hand: ${stored} of its events stored, ${lost} lost`
      : 'dies';
    await this.succeed(place, process, log, 'crash', `${note}; starts again`, events);
  }

  /** An old writer was fenced too late: one more decision stands in the log, the opposite of the first. */
  private async crashLate(
    place: number,
    process: ModelledProcess,
    log: number,
    events: readonly Event[],
  ): Promise<void> {
    const { facts, late } = this.logs.at(log);
    if (late.length > 0) return;
    for (const [deal, first] of facts.decided) {
      const opposite = oppositeOf(first, facts.proposed.get(deal));
      if (opposite === undefined) continue;
      this.processes.seen.add('a late decision ignored');
      const note = 'dies; a late decision is written after its last event; starts again';
      const left = this.logs.append(log, [opposite], true);
      await this.succeed(place, process, left, 'crash', note, [...events, opposite]);
    }
  }

  /**
   * A successor opens the log, fences and replays: because the process has died, or because it sleeps and is thought dead. (How long
   * nobody writes the log makes no difference: to the others a process that is down is one that is slow.)
   */
  private async succeed(
    place: number,
    process: ModelledProcess,
    log: number,
    kind: 'crash' | 'stall',
    note: string,
    stored: readonly Event[],
  ): Promise<void> {
    const { next, shape, state } = this;
    const successor = await this.processes.begin(log);
    next.set(state);
    next[shape.log(place)] = log;
    next[shape.live(place)] = numberOf(successor);
    if (kind === 'stall') next[shape.asleep(place)] = numberOf(process);
    const spent = kind === 'stall' ? shape.stalls : shape.crashes;
    next[spent] = (next[spent] ?? 0) + 1;
    this.reach(`${place} ${log} ${kind} ${note}`, successor, () => ({
      place,
      kind,
      isOld: false,
      note,
      stored,
      recorded: successor.pending,
    }));
  }
}

/** The decision that the first one is not. */
function oppositeOf(
  first: Decided,
  proposal: LogFacts['proposed'] extends ReadonlyMap<string, infer Made> ? Made | undefined : never,
): Decided | undefined {
  const { initiatorId, dealNumber, responderId } = first;
  const deal = { version: 1, initiatorId, dealNumber, revision: 1, responderId } as const;
  if (first.type === 'DealConfirmed') return { ...deal, type: 'DealAborted', reason: 'responderDeadline' };
  if (proposal === undefined) return undefined;
  const { priceTicks, quantityLots } = proposal;
  return {
    ...deal,
    type: 'DealConfirmed',
    instrumentId: 1,
    initiatorSide: 'sell',
    initiatorParticipantId: 1,
    responderParticipantId: 1,
    priceTicks,
    quantityLots,
  };
}
