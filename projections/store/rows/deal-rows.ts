/**
 * The deals, in packed rows of DEALS_A_BLOCK in the order of their positions; only the last block may have fewer.
 */
import { Side } from '../../../src/domain/terms.js';
import type { Row, SqlDatabase } from '../database/database.js';
import { dealColumns } from '../database/schema.js';
import { PackedRows, packRows } from './packed-rows.js';
import { Kind, Postings, type PostingsWriter } from './postings.js';

const DEALS_A_BLOCK = 256;
const COLUMNS = dealColumns.length;
/** How many numbers a whole block has. */
const BLOCK = DEALS_A_BLOCK * COLUMNS;
const POSITION = 0;
const DEALS_BEFORE = COLUMNS - 1;
/** A part of postings has the deals of so many positions. */
const PART = 2 ** 16;
/** Intentions whose deals are found together, and what of a deal’s number an entry has. */
const INTENTIONS = 64;
const NUMBERS = 512;
/** The bit of an entry that says that the intention has initiated the deal. */
const ROLE = PART * NUMBERS;

/** Which deals: those after a position and before another one. */
export interface DealRange {
  readonly after: number;
  readonly before: number;
  readonly descending?: boolean;
}

/** By what deals are found: the number of a participant, an instrument or an intention. */
export type DealKey =
  | { readonly kind: typeof Kind.Participant | typeof Kind.Instrument; readonly id: number }
  | { readonly kind: typeof Kind.Intention; readonly id: number; readonly initiatedNumber?: number };

/** A block, and where the next one begins. */
interface Block {
  readonly rows: PackedRows;
  readonly from: number;
  readonly until: number;
}

/** Reads them, within one look at the tables. */
export class DealRows {
  private readonly postings: Postings;

  constructor(private readonly database: SqlDatabase) {
    this.postings = new Postings(database);
  }

  at(position: number): Row | undefined {
    return rowIn(this.blockAt(position), position);
  }

  /** In the order of their positions, or in the other. */
  *between({ after, before, descending = false }: DealRange): Generator<Row> {
    let block = descending ? this.blockAt(before - 1) : (this.blockAt(after) ?? this.blockFrom(0));
    while (block !== undefined) {
      const { rows } = block;
      const [first, end] = [rows.firstFrom(POSITION, after + 1), rows.firstFrom(POSITION, before)];
      for (let count = 0; count < end - first; count++) yield rows.row(descending ? end - 1 - count : first + count);
      if (descending ? block.from <= after : block.until >= before) return;
      block = descending ? this.blockAt(block.from - 1) : this.blockFrom(block.until);
    }
  }

  /** The same of those alone that are found by something. */
  *of(key: DealKey, range: DealRange): Generator<Row> {
    let block: Block | undefined;
    for (const position of this.positions(key, range)) {
      if (block === undefined || position < block.from || position >= block.until) block = this.blockAt(position);
      const row = rowIn(block, position);
      if (row !== undefined) yield row;
    }
  }

  /** How many stand before a position; undefined where none follows, and so all of them do. */
  countBefore(position: number): number | undefined {
    const [next] = this.between({ after: position - 1, before: Number.MAX_SAFE_INTEGER });
    return next && Number(next[DEALS_BEFORE]);
  }

  private *positions(key: DealKey, { after, before, descending = false }: DealRange): Generator<number> {
    const first = Math.max(0, Math.floor((after + 1) / PART));
    const last = Math.floor((before - 1) / PART);
    const group = key.kind === Kind.Intention ? Math.floor(key.id / INTENTIONS) : key.id;
    for (const { part, entries } of this.postings.parts(key.kind, group, { first, last, descending })) {
      const found = key.kind === Kind.Intention ? entries.filter((entry) => isOf(key, entry)) : entries;
      for (const entry of descending ? found.toReversed() : found) {
        const position = part * PART + (entry % PART);
        if (position > after && position < before) yield position;
      }
    }
  }

  /** The one that would hold the position. */
  private blockAt(position: number): Block | undefined {
    return this.block('first_position <= ? ORDER BY first_position DESC', position);
  }

  private blockFrom(position: number): Block | undefined {
    return this.block('first_position >= ? ORDER BY first_position', position);
  }

  private block(where: string, position: number): Block | undefined {
    const sql = `SELECT first_position, rows FROM deals_packed WHERE ${where} LIMIT 1`;
    const [from, bytes] = this.database.row(sql, [position]) ?? [];
    if (from === undefined) return undefined;
    const rows = new PackedRows(bytes as Uint8Array, COLUMNS); // the column is a BLOB
    const until = rows.count === DEALS_A_BLOCK ? rows.get(rows.count - 1, POSITION) + 1 : Number.POSITIVE_INFINITY;
    return { rows, from: Number(from), until };
  }
}

function rowIn(block: Block | undefined, position: number): Row | undefined {
  if (block === undefined) return undefined;
  const index = block.rows.firstFrom(POSITION, position);
  const isThere = index < block.rows.count && block.rows.get(index, POSITION) === position;
  return isThere ? block.rows.row(index) : undefined;
}

/** Whether an entry is of the intention, and may be of the deal with that number that it has initiated. */
function isOf(
  { id, initiatedNumber }: { readonly id: number; readonly initiatedNumber?: number },
  entry: number,
): boolean {
  if (Math.floor(entry / (2 * ROLE)) !== id % INTENTIONS) return false;
  if (initiatedNumber === undefined) return true;
  return Math.floor(entry / PART) % (2 * NUMBERS) === NUMBERS + (initiatedNumber % NUMBERS);
}

/** `deals`: rows of the view, one after the other. To be called within a transaction. */
export function writeDeals(database: SqlDatabase, deals: readonly number[]): void {
  if (deals.length === 0) return;
  let from = completeTail(database, deals);
  while (from < deals.length) {
    const until = Math.min(deals.length, from + BLOCK);
    writeBlock(database, deals, [from, until]);
    from = until;
  }
}

/** Puts the first ones into the last block, if there is room in it. Returns where the others begin. */
function completeTail(database: SqlDatabase, deals: readonly number[]): number {
  const last = database.row('SELECT rows FROM deals_packed ORDER BY first_position DESC LIMIT 1');
  if (last === undefined) return 0;
  const tail = new PackedRows(last[0] as Uint8Array, COLUMNS); // the column is a BLOB
  const until = Math.min(deals.length, BLOCK - tail.count * COLUMNS);
  if (until === 0) return 0;
  const values = new Float64Array(tail.count * COLUMNS + until);
  tail.into(values);
  values.set(deals.slice(0, until), tail.count * COLUMNS);
  writeBlock(database, values, [0, values.length]);
  return until;
}

function writeBlock(database: SqlDatabase, values: ArrayLike<number>, [from, until]: readonly [number, number]): void {
  const rows = packRows({ values, from, until, columns: COLUMNS });
  const firstPosition = values[from + POSITION] as number; // no block is empty
  const sql = 'INSERT OR REPLACE INTO deals_packed VALUES (?, ?, ?)';
  database.run(sql, [firstPosition, (until - from) / COLUMNS, rows]);
}

/** By all that they are found by. Who deals with oneself has one entry for it. */
export function indexDeals(postings: PostingsWriter, deals: readonly number[]): void {
  for (let at = 0; at < deals.length; at += COLUMNS) {
    const column = (index: number): number => deals[at + index] as number; // a deal has all columns
    const position = column(POSITION);
    const [buyer, seller] = [column(4), column(6)];
    const part = Math.floor(position / PART);
    const low = position % PART;
    postings.add(Kind.Participant, buyer, part, low);
    if (seller !== buyer) postings.add(Kind.Participant, seller, part, low);
    postings.add(Kind.Instrument, column(7), part, low);
    const entry = low + (column(1) % NUMBERS) * PART;
    const buysAsInitiator = column(2) === Side.Buy;
    indexSide(postings, part, column(3), entry + (buysAsInitiator ? ROLE : 0));
    indexSide(postings, part, column(5), entry + (buysAsInitiator ? 0 : ROLE));
  }
}

function indexSide(postings: PostingsWriter, part: number, intentionId: number, entry: number): void {
  const group = Math.floor(intentionId / INTENTIONS);
  postings.add(Kind.Intention, group, part, entry + (intentionId % INTENTIONS) * 2 * ROLE);
}
