/** Where a history takes place: whom clients ask, and what is done to them. */
import type { Random } from '../../support/random.js';

export interface Fault {
  readonly name: string;
  /** Does it, and undoes it: all processes run again when it resolves. */
  readonly inflict: (random: Random) => Promise<void>;
}

export interface Scene {
  /** One server, or the members of a cluster. They stay the same, whether these run or not. */
  readonly urls: readonly string[];
  /** One of them is drawn at a time, the same one as often as it is here. */
  readonly faults: readonly Fault[];
  /** Resolves when everything serves. Throws where that never comes, or somebody ended by itself who must not. */
  whole(): Promise<void>;
  /** Kills all that takes commands and starts it again: what it had in hand is there by then, or will never be. */
  restartAll(): Promise<void>;
  /** Ends everything, whatever state it is in. */
  end(): Promise<void>;
}

export interface FaultChoice {
  /** Kill processes. */
  readonly kills: boolean;
  /** Let processes stand still. */
  readonly silence: boolean;
}
