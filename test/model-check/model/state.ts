/**
 * A state of a model: for each place its log, the process that writes it, and perhaps an old one that still sleeps; the messages that
 * were ever sent; and what may still go wrong. A message stays once it is sent, so each may be lost, doubled and come late.
 */
import { Interned } from '../interned.js';
import type { Processes } from './processes.js';
import type { Model } from './model.js';

const PER_PLACE = 3;
const LOG = 0;
const LIVE = 1;
const ASLEEP = 2;

export type State = Int32Array;

/** Which numbers of a state mean what. Processes are numbers of livings plus one; 0 is nobody. */
export class Shape {
  readonly width: number;
  readonly net: number;
  readonly crashes: number;
  readonly stalls: number;

  constructor(model: Model) {
    this.net = PER_PLACE * model.places.length;
    this.crashes = this.net + 1;
    this.stalls = this.net + 2;
    this.width = this.net + 3;
  }

  log(place: number): number {
    return PER_PLACE * place + LOG;
  }
  live(place: number): number {
    return PER_PLACE * place + LIVE;
  }
  asleep(place: number): number {
    return PER_PLACE * place + ASLEEP;
  }
}

/** The sets of messages that were sent. */
export class Nets {
  private readonly nets = new Interned<{
    readonly messages: readonly number[];
    readonly inputs: readonly (readonly number[])[];
  }>();
  private readonly unions = new Map<string, number>();

  constructor(
    private readonly processes: Processes,
    private readonly placeOf: (intentionId: number) => number,
    private readonly places: number,
  ) {}

  get size(): number {
    return this.nets.size;
  }

  of(messages: readonly number[]): number {
    return this.nets.add(messages.join(), () => ({ messages, inputs: this.inputsOf(messages) }));
  }

  add(net: number, messages: readonly number[]): number {
    if (messages.length === 0) return net;
    const key = `${net} ${messages.join()}`;
    const known = this.unions.get(key);
    if (known !== undefined) return known;
    const union = this.of([...new Set([...this.nets.at(net).messages, ...messages])].sort((one, other) => one - other));
    this.unions.set(key, union);
    return union;
  }

  /** The messages to a place, as inputs. */
  inputs(net: number, place: number): readonly number[] {
    return this.nets.at(net).inputs[place] ?? [];
  }

  private inputsOf(numbers: readonly number[]): number[][] {
    const messages = numbers.map((number) => this.processes.messages.at(number));
    return Array.from({ length: this.places }, (_, place) =>
      messages
        .filter(({ toId }) => this.placeOf(toId) === place)
        .map((message) => this.processes.input({ kind: 'message', message })),
    );
  }
}
