import type { IntentionTable, OpenIntention } from '../../../../projections/model/intention-table.js';
import { Columns } from './columns.js';
import { TextColumn } from './text-column.js';

const kinds = {
  ...({ id: 'f64', quantityLots: 'f64', filledLots: 'f64', reservedLots: 'f64', placePosition: 'f64' } as const),
  ...({
    postedPosition: 'f64',
    postedAtMs: 'f64',
    expiresAtMs: 'f64',
    closedPosition: 'f64',
    closedAtMs: 'f64',
  } as const),
  ...({
    participantId: 'u32',
    instrumentId: 'u32',
    priceTicks: 'u32',
    postedPriceTicks: 'u32',
    postedLots: 'u32',
  } as const),
  ...({ side: 'u8', pricing: 'u8', timeInForce: 'u8', postOnly: 'u8', status: 'u8', closedReason: 'u8' } as const),
};
type Name = keyof typeof kinds;
const names = Object.keys(kinds) as Name[]; // they are its keys

/** The intentions that can change no more, as they were when that was so. */
export class ClosedIntentions {
  /** `overPosition`: of the event after which they could not. */
  readonly columns = new Columns({ ...kinds, overPosition: 'f64' });
  private readonly clientIds = new TextColumn();
  /** Rows by id; made when it is first asked for, after the last has been added. */
  private order: Uint32Array | undefined;

  /** Takes over a row of a table, which it has just left. */
  add(from: IntentionTable, row: number, id: number, overPosition: number): void {
    const values = { overPosition } as Record<Name | 'overPosition', number>; // it gets the other names
    for (const name of names) values[name] = from.rowsByName[name][row] as number; // the row is in range
    values.id = id;
    this.columns.push(values);
    this.clientIds.push(from.clientId(row));
  }

  at(row: number): OpenIntention & { readonly overPosition: number } {
    return { ...this.columns.at(row), clientIntentionId: this.clientIds.get(row) };
  }

  clientId(row: number): string {
    return this.clientIds.get(row);
  }

  /** The rows whose id is `after` or larger, in the order of their ids. */
  *rowsFrom(id: number): Generator<number, void, void> {
    const { columns } = this;
    const order = (this.order ??= this.byId());
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (columns.get('id', order[middle] as number) < id)
        low = middle + 1; // middle is in range
      else high = middle;
    }
    for (let index = low; index < order.length; index++) yield order[index] as number; // likewise
  }

  /** The row of an intention; undefined where it is not among them. */
  find(id: number): number | undefined {
    for (const row of this.rowsFrom(id)) return this.columns.get('id', row) === id ? row : undefined;
    return undefined;
  }

  private byId(): Uint32Array {
    const order = Uint32Array.from({ length: this.columns.rows }, (_, row) => row);
    return order.sort((one, other) => this.columns.get('id', one) - this.columns.get('id', other));
  }
}
