import { Desk } from './desk.js';
import type { Floor } from './floor.js';

/** Somebody who trades in the demonstration, by one rule. */
export abstract class Character {
  readonly desk: Desk;
  /** How long it waits from one act to the next, about. */
  abstract readonly everyMs: number;

  constructor(
    protected readonly floor: Floor,
    participant: string,
  ) {
    this.desk = new Desk(floor, participant);
  }

  /** Does what its rule says now: a few commands at the most. */
  abstract act(): Promise<void>;
}

/** Who a character is. */
export interface Role {
  /** Its name as a participant. */
  readonly who: string;
  /** What it does and why, in one sentence for people. */
  readonly reason: string;
  new (floor: Floor): Character;
}
