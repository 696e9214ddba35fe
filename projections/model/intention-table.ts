import type * as Recorded from '../../src/domain/journal.generated.js';
import type { EventHandler } from '../../src/events/handlers.generated.js';
import { RowIndex } from '../book/row-index.js';
import { Status } from '../store/database/status.js';
import type { Column } from './dump.js';
import { type PackedTexts, Texts } from './texts.js';

/** Where and when an event stands: what a fold knows while it handles one. */
type At = Pick<EventHandler, 'position' | 'atMs'>;

const NONE = -1;
const FIRST_CAPACITY = 1024;

const kinds = {
  ...{ id: Float64Array, quantityLots: Float64Array, filledLots: Float64Array, reservedLots: Float64Array },
  ...{ placePosition: Float64Array, postedPosition: Float64Array, postedAtMs: Float64Array, expiresAtMs: Float64Array },
  ...{ closedPosition: Float64Array, closedAtMs: Float64Array, participantId: Uint32Array, instrumentId: Uint32Array },
  ...{ priceTicks: Uint32Array, postedPriceTicks: Uint32Array, postedLots: Uint32Array, side: Uint8Array },
  ...{ pricing: Uint8Array, timeInForce: Uint8Array, postOnly: Uint8Array, status: Uint8Array },
  ...{ closedReason: Uint8Array },
} as const;

type Name = keyof typeof kinds;
type Columns = { [Each in Name]: InstanceType<(typeof kinds)[Each]> };

const names = Object.keys(kinds) as readonly Name[];

/** An intention as it stands. The object is made for who asks, and does not change with the table. */
export type OpenIntention = Readonly<Record<Name, number>> & { readonly clientIntentionId: string };

/** The table in columns, its rows in the order of their ids. */
export interface PackedIntentions {
  readonly columns: Readonly<Record<Name, Column>>;
  readonly clientIds: PackedTexts;
}

interface Parts {
  readonly columns: Columns;
  readonly clientIds: Texts;
  readonly rowOf: RowIndex;
  /** Rows that nothing stands in. */
  readonly unused: number[];
  readonly rows: number;
}

/**
 * The intentions of a shard that can still change, by the rules by which the query store keeps them, in columns: a million of them are
 * some 130 MB, and are read from a file as they stand there.
 *
 * 1. An intention leaves once it is closed and nothing of it is reserved.
 * 2. What is filled or withdrawn while a deal holds some of it stays, with its status, until that deal is settled.
 */
export class IntentionTable {
  private readonly columns: Columns;
  private readonly clientIds: Texts;
  private readonly rowOf: RowIndex;
  private readonly unused: number[];
  /** How many rows there are, used or not. */
  private rows: number;

  private constructor({ columns, clientIds, rowOf, unused, rows }: Parts) {
    this.columns = columns;
    this.clientIds = clientIds;
    this.rowOf = rowOf;
    this.unused = unused;
    this.rows = rows;
  }

  static empty(): IntentionTable {
    const rowOf = new RowIndex(FIRST_CAPACITY);
    return new IntentionTable({
      ...{ columns: columnsOf(FIRST_CAPACITY), clientIds: Texts.empty(), rowOf, unused: [], rows: 0 },
    });
  }

  static unpack({ columns: packed, clientIds }: PackedIntentions): IntentionTable {
    const columns = packed as Columns; // `pack` has made them
    const rowOf = new RowIndex(FIRST_CAPACITY);
    columns.id.forEach((id, row) => rowOf.set(id, row));
    const rows = columns.id.length;
    return new IntentionTable({ columns, clientIds: Texts.unpack(clientIds), rowOf, unused: [], rows });
  }

  pack(): PackedIntentions {
    const ids = this.ids();
    const rows = Uint32Array.from(ids, (id) => this.rowOf.get(id));
    const columns = columnsOf(rows.length);
    for (const name of names) {
      const [from, to] = [this.columns[name], columns[name]];
      rows.forEach((row, index) => (to[index] = from[row] as number)); // rows are in range
    }
    return { columns, clientIds: this.clientIds.pack(rows) };
  }

  copy(): IntentionTable {
    const columns = Object.fromEntries(names.map((name) => [name, this.columns[name].slice()])) as unknown as Columns; // of each name
    const { clientIds, rowOf, unused, rows } = this;
    return new IntentionTable({
      ...{ columns, clientIds: clientIds.copy(), rowOf: rowOf.copy(), unused: [...unused], rows },
    });
  }

  get size(): number {
    return this.rowOf.size;
  }

  has(intentionId: number): boolean {
    return this.rowOf.get(intentionId) !== NONE;
  }

  get(intentionId: number): OpenIntention | undefined {
    const row = this.rowOf.get(intentionId);
    return row === NONE ? undefined : this.at(row);
  }

  /** The row of an intention, or -1. It stays as the intention left it until the next one is posted. */
  find(intentionId: number): number {
    return this.rowOf.get(intentionId);
  }

  /** The columns of all rows; those in use are found by `find` or `scan`. */
  get rowsByName(): Readonly<Columns> {
    return this.columns;
  }

  clientId(row: number): string {
    return this.clientIds.get(row);
  }

  /** Those that are open: not those of which a deal still holds something. By id. */
  *open(): Generator<OpenIntention, void, void> {
    for (const id of this.ids()) {
      const intention = this.get(id);
      if (intention?.status === Status.Open) yield intention;
    }
  }

  /** The ids of all, ascending. */
  ids(): Float64Array {
    return this.columns.id
      .slice(0, this.rows)
      .filter((id) => id !== NONE)
      .sort();
  }

  /** Looks at each row that has an intention, in no particular order, in columns that must not be changed. */
  scan(look: (columns: Readonly<Columns>, row: number) => void): void {
    const { columns, rows } = this;
    for (let row = 0; row < rows; row++) if (columns.id[row] !== NONE) look(columns, row);
  }

  post(event: Recorded.IntentionPosted, position: number): void {
    const { intentionId, priceTicks, quantityLots } = event;
    if (this.rowOf.get(intentionId) !== NONE) return;
    const row = this.newRow();
    const { columns } = this;
    this.rowOf.set(intentionId, row);
    this.clientIds.set(row, event.clientIntentionId);
    columns.id[row] = intentionId;
    columns.participantId[row] = event.participantId;
    columns.instrumentId[row] = event.instrumentId;
    columns.side[row] = event.side;
    columns.pricing[row] = event.pricing;
    columns.timeInForce[row] = event.timeInForce;
    columns.postOnly[row] = event.postOnly ? 1 : 0;
    columns.expiresAtMs[row] = event.expiresAtMs;
    columns.postedAtMs[row] = event.atMs;
    columns.postedPosition[row] = position;
    columns.placePosition[row] = position;
    columns.postedPriceTicks[row] = priceTicks;
    columns.postedLots[row] = quantityLots;
    columns.priceTicks[row] = priceTicks;
    columns.quantityLots[row] = quantityLots;
    columns.filledLots[row] = 0;
    columns.reservedLots[row] = 0;
    columns.status[row] = Status.Open;
    columns.closedReason[row] = 0;
    columns.closedAtMs[row] = 0;
    columns.closedPosition[row] = 0;
  }

  reserve(intentionId: number, lots: number): void {
    const row = this.rowOf.get(intentionId);
    if (row !== NONE) this.add('reservedLots', row, lots);
  }

  settle({ intentionId, quantityLots }: Recorded.DealSettled, freedLots: number, at: At): void {
    const row = this.rowOf.get(intentionId);
    if (row === NONE) return;
    this.add('reservedLots', row, -freedLots);
    this.add('filledLots', row, quantityLots);
    this.closeWhenEmpty(row, at);
  }

  reduce({ intentionId, byLots }: Recorded.IntentionReduced, at: At): void {
    const row = this.rowOf.get(intentionId);
    if (row === NONE) return;
    this.add('quantityLots', row, -byLots);
    this.closeWhenEmpty(row, at);
  }

  amend({ intentionId, priceTicks, openLots }: Recorded.IntentionAmended, position: number): void {
    const row = this.rowOf.get(intentionId);
    if (row === NONE) return;
    const { columns } = this;
    columns.priceTicks[row] = priceTicks;
    columns.quantityLots[row] = (columns.filledLots[row] as number) + openLots; // rows are in range
    columns.placePosition[row] = position;
  }

  /** `reason` is an index into withdrawReasonNames. */
  withdraw({ intentionId, reason }: Recorded.IntentionWithdrawn, at: At): void {
    const row = this.openRow(intentionId);
    if (row === NONE) return;
    this.columns.closedReason[row] = reason;
    this.end(row, Status.Withdrawn, at);
  }

  expire({ intentionId }: Recorded.IntentionExpired, at: At): void {
    const row = this.openRow(intentionId);
    if (row !== NONE) this.end(row, Status.Expired, at);
  }

  private openRow(intentionId: number): number {
    const row = this.rowOf.get(intentionId);
    return row !== NONE && this.columns.status[row] === Status.Open ? row : NONE;
  }

  private at(row: number): OpenIntention {
    const { columns } = this;
    const values = Object.fromEntries(names.map((name) => [name, columns[name][row]])) as Record<Name, number>; // rows are in range
    return { ...values, clientIntentionId: this.clientIds.get(row) };
  }

  private add(name: 'reservedLots' | 'filledLots' | 'quantityLots', row: number, lots: number): void {
    const column = this.columns[name];
    column[row] = (column[row] as number) + lots; // rows are in range
  }

  private closeWhenEmpty(row: number, at: At): void {
    const { status, filledLots, quantityLots } = this.columns;
    if (status[row] !== Status.Open) this.forgetWhenFree(row);
    else if ((filledLots[row] as number) >= (quantityLots[row] as number)) this.end(row, Status.Filled, at); // likewise
  }

  private end(row: number, status: number, { atMs, position }: At): void {
    this.columns.status[row] = status;
    this.columns.closedAtMs[row] = atMs;
    this.columns.closedPosition[row] = position;
    this.forgetWhenFree(row);
  }

  private forgetWhenFree(row: number): void {
    const { id, reservedLots } = this.columns;
    if ((reservedLots[row] as number) > 0) return; // rows are in range
    this.rowOf.delete(id[row] as number); // likewise
    id[row] = NONE;
    this.unused.push(row);
  }

  private newRow(): number {
    const row = this.unused.pop() ?? this.rows++;
    if (row === this.columns.id.length) this.grow();
    return row;
  }

  private grow(): void {
    const longer = columnsOf(Math.max(FIRST_CAPACITY, 2 * this.columns.id.length));
    for (const name of names) longer[name].set(this.columns[name]);
    Object.assign(this.columns, longer);
  }
}

function columnsOf(capacity: number): Columns {
  return Object.fromEntries(names.map((name) => [name, new kinds[name](capacity)])) as unknown as Columns; // of each name
}
