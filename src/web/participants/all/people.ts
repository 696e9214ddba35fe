/** Everybody who is known so far, with their positions, and the rows that they are shown in. */
import type { Position } from '../../../client/types.js';

/** What tells that there is somebody. */
export type Sign = Position | { readonly participant: string };

export interface Person {
  readonly name: string;
  readonly positions: readonly Position[];
}

export type PeopleRow =
  | { readonly kind: 'head'; readonly person: Person }
  | { readonly kind: 'position'; readonly person: Person; readonly position: Position; readonly isLast: boolean };

/** In the order in which they became known. */
export class People {
  private readonly byName = new Map<string, Position[]>();

  /** Grows with whatever is added. */
  revision = 0;

  get count(): number {
    return this.byName.size;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  add(signs: readonly Sign[]): void {
    this.revision++;
    for (const sign of signs) {
      const positions = this.byName.get(sign.participant) ?? [];
      if (positions.length === 0) this.byName.set(sign.participant, positions);
      if (!('net' in sign)) continue;
      const known = positions.findIndex(({ instrument }) => instrument === sign.instrument);
      if (known === -1) positions.push(sign);
      else positions[known] = sign;
    }
  }

  /** A row for each whose name has the text in it, upper or lower case, and one below for each position. */
  rows(text: string): readonly PeopleRow[] {
    const wanted = text.trim().toLowerCase();
    const rows: PeopleRow[] = [];
    for (const [name, positions] of this.byName) {
      if (!name.toLowerCase().includes(wanted)) continue;
      const person = { name, positions };
      rows.push({ kind: 'head', person });
      const last = positions.length - 1;
      positions.forEach((position, index) => rows.push({ kind: 'position', person, position, isLast: index === last }));
    }
    return rows;
  }
}
