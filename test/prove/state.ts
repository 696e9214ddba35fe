/**
 * A state of a world: for each place its log, the process that writes it, and perhaps an old one that still sleeps; the letters that
 * were ever sent; and what may still go wrong. A letter stays for ever once it is sent: so each may be lost, doubled and come late.
 */
import { Interned } from './interned.js';
import type { Lives } from './lives.js';
import type { World } from './world.js';

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

  constructor(world: World) {
    this.net = PER_PLACE * world.places.length;
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

/** The sets of letters that were sent. */
export class Nets {
  private readonly nets = new Interned<{
    readonly letters: readonly number[];
    readonly inputs: readonly (readonly number[])[];
  }>();
  private readonly unions = new Map<string, number>();

  constructor(
    private readonly lives: Lives,
    private readonly placeOf: (intentionId: number) => number,
    private readonly places: number,
  ) {}

  get size(): number {
    return this.nets.size;
  }

  of(letters: readonly number[]): number {
    return this.nets.add(letters.join(), () => ({ letters, inputs: this.inputsOf(letters) }));
  }

  add(net: number, letters: readonly number[]): number {
    if (letters.length === 0) return net;
    const key = `${net} ${letters.join()}`;
    const known = this.unions.get(key);
    if (known !== undefined) return known;
    const union = this.of([...new Set([...this.nets.at(net).letters, ...letters])].sort((one, other) => one - other));
    this.unions.set(key, union);
    return union;
  }

  /** The letters to a place, as inputs. */
  inputs(net: number, place: number): readonly number[] {
    return this.nets.at(net).inputs[place] ?? [];
  }

  private inputsOf(numbers: readonly number[]): number[][] {
    const letters = numbers.map((number) => this.lives.letters.at(number));
    return Array.from({ length: this.places }, (_, place) =>
      letters
        .filter(({ toId }) => this.placeOf(toId) === place)
        .map((letter) => this.lives.input({ kind: 'letter', letter })),
    );
  }
}
