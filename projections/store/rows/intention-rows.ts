/**
 * The intentions, in packed rows: 64 ids that follow each other are a block.
 */
import { type OpenIntentions, type StoredIntention, TERMS } from '../queries/open-intentions.js';
import type { Row, SqlDatabase, SqlValue } from '../database/database.js';
import { packedIntentionColumns } from '../database/schema.js';
import { Status } from '../database/status.js';
import { PackedRows, packRows } from './packed-rows.js';
import { Kind, Postings, type PostingsWriter } from './postings.js';
import { indexClientId, withClientId } from './client-ids.js';

const IDS_A_BLOCK = 64;
const COLUMNS = packedIntentionColumns.length;
const ID = 0;
const RESERVED = packedIntentionColumns.indexOf('reserved_lots');
const STATUS = packedIntentionColumns.indexOf('status');
const TEXT_END = COLUMNS - 1;
/** A part of postings has so many ids. */
const PART = 2 ** 16;
const STATUSES = Object.keys(Status).length;

/** So many blocks that may still change are kept at hand from one chunk to the next. */
const KEPT = 1_024;

/** A block while it is written. */
interface Block {
  readonly number: number;
  readonly values: Float64Array;
  /** The clients’ ids, one a row. */
  readonly texts: string[];
}

/** What of intentions a chunk has changed. */
type Changes = Pick<OpenIntentions, 'posted' | 'terms' | 'clientIds' | 'changed' | 'closed'>;

/** To be called within a transaction. What it has at hand is what was written: a transaction that fails ends it. */
export class IntentionsWriter {
  private kept = new Map<number, Block>();

  constructor(
    private readonly database: SqlDatabase,
    private readonly postings: PostingsWriter,
  ) {}

  write({ posted, terms, clientIds, changed, closed }: Changes): void {
    const blocks = new Map<number, Block>();
    for (let index = 0; index < posted.length; index++) {
      const [intention, clientId] = [posted[index] as StoredIntention, clientIds[index] as string]; // index is in range
      const { values, texts } = this.blockOf(blocks, intention.intentionId);
      const row = (texts.push(clientId) - 1) * COLUMNS;
      if (row > 0 && (values[row - COLUMNS + ID] as number) >= intention.intentionId)
        throw new DoublePostError(intention);
      for (let column = 0; column < TERMS; column++) values[row + column] = terms[index * TERMS + column] as number; // likewise
      intention.putState(values, row + TERMS);
      indexClientId(this.postings, intention.participantId, clientId, intention.intentionId);
    }
    for (const intention of changed) {
      const { values, texts } = this.blockOf(blocks, intention.intentionId);
      intention.putState(values, rowOf(values, texts.length, intention.intentionId) + TERMS);
    }
    this.indexClosed(closed);
    for (const block of [...blocks.values()].sort((one, other) => one.number - other.number)) this.writeBlock(block);
  }

  private blockOf(blocks: Map<number, Block>, id: number): Block {
    const number = Math.floor(id / IDS_A_BLOCK);
    const known = blocks.get(number);
    if (known !== undefined) return known;
    const block = this.kept.get(number) ?? this.stored(number);
    blocks.set(number, block);
    return block;
  }

  private stored(number: number): Block {
    const values = new Float64Array(IDS_A_BLOCK * COLUMNS);
    const rows = unpacked(this.database.row('SELECT rows FROM intentions_packed WHERE block = ?', [number]));
    rows?.into(values);
    return { number, values, texts: Array.from({ length: rows?.count ?? 0 }, (_, index) => textOf(rows, index)) };
  }

  private writeBlock(block: Block): void {
    const { number, values, texts } = block;
    let end = 0;
    let unsettled = 0;
    for (let index = 0; index < texts.length; index++) {
      const row = index * COLUMNS;
      end += Buffer.byteLength(texts[index] as string); // index is in range
      values[row + TEXT_END] = end;
      if (values[row + STATUS] === Status.Open || (values[row + RESERVED] as number) > 0) unsettled++; // likewise
    }
    const until = texts.length * COLUMNS;
    const rows = packRows({ values, from: 0, until, columns: COLUMNS, tail: Buffer.from(texts.join('')) });
    const sql = 'INSERT OR REPLACE INTO intentions_packed VALUES (?, ?, ?, ?)';
    this.database.run(sql, [number, texts.length, unsettled, rows]);
    this.kept.delete(number);
    if (unsettled > 0 || texts.length < IDS_A_BLOCK) this.keep(block);
  }

  private keep(block: Block): void {
    this.kept.set(block.number, block);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
  }

  private indexClosed(closed: readonly StoredIntention[]): void {
    for (const { intentionId, participantId, status } of closed) {
      const key = participantId * STATUSES + status;
      this.postings.add(Kind.Closed, key, Math.floor(intentionId / PART), intentionId % PART);
    }
  }
}

/** Ids are handed out in their order, each once: this is no log of an exchange. */
class DoublePostError extends Error {
  constructor({ intentionId }: StoredIntention) {
    super(`the intention ${intentionId} was posted after one with its id or a larger one`);
  }
}

/** Where the row of an id begins. */
function rowOf(values: Float64Array, count: number, id: number): number {
  for (let row = 0; row < count * COLUMNS; row += COLUMNS) if (values[row + ID] === id) return row;
  throw new Error(`the intention ${id} has no row`);
}

function textOf(rows: PackedRows | undefined, index: number): string {
  if (rows === undefined) return '';
  const begin = index === 0 ? 0 : rows.get(index - 1, TEXT_END);
  return Buffer.from(rows.tail.subarray(begin, rows.get(index, TEXT_END))).toString();
}

/** As `intentionFromRow` takes it: the client’s id comes second. */
function rowAt(rows: PackedRows, index: number): Row {
  const [id = 0, ...values] = rows.row(index);
  values.pop();
  return [id, textOf(rows, index), ...values];
}

/** Reads them, within one look at the tables. */
export class IntentionRows {
  private readonly postings: Postings;

  constructor(private readonly database: SqlDatabase) {
    this.postings = new Postings(database);
  }

  /** As `intentionFromRow` takes it; undefined where there is none. */
  row(id: number): Row | undefined {
    const [row] = this.rows([id]);
    return row;
  }

  /** Those of the ids, in the order of which they come; for ids that follow each other a block is read once. */
  *rows(ids: Iterable<number>): Generator<Row> {
    let number = -1;
    let block: PackedRows | undefined;
    for (const id of ids) {
      if (number !== Math.floor(id / IDS_A_BLOCK)) {
        number = Math.floor(id / IDS_A_BLOCK);
        block = unpacked(this.database.row('SELECT rows FROM intentions_packed WHERE block = ?', [number]));
      }
      const index = block?.firstFrom(ID, id);
      if (block !== undefined && index !== undefined && index < block.count && block.get(index, ID) === id)
        yield rowAt(block, index);
    }
  }

  /** All with a larger id than this, in the order of their ids. */
  *after(id: number): Generator<Row> {
    const sql = 'SELECT block, rows FROM intentions_packed WHERE block >= ? ORDER BY block LIMIT 1';
    for (let number = Math.max(0, Math.floor(id / IDS_A_BLOCK)); ; number++) {
      const found = this.database.row(sql, [number]);
      const block = unpacked(found?.slice(1));
      if (found === undefined || block === undefined) return;
      number = Number(found[0]);
      for (let index = block.firstFrom(ID, id + 1); index < block.count; index++) yield rowAt(block, index);
    }
  }

  /** The ids of a participant’s that are closed, with these statuses, in their order. */
  *closedIds(participantId: number, statuses: readonly number[], after: number): Generator<number> {
    let part = Math.max(0, Math.floor(after / PART));
    for (;;) {
      const first = part;
      const found = statuses.flatMap((status) => [
        ...takeOne(this.postings.parts(Kind.Closed, participantId * STATUSES + status, { first })),
      ]);
      if (found.length === 0) return;
      part = Math.min(...found.map((each) => each.part));
      const ids = found.filter((each) => each.part === part).flatMap(({ entries }) => entries);
      for (const low of ids.sort((one, other) => one - other)) if (part * PART + low > after) yield part * PART + low;
      part++;
    }
  }

  /** The first of them that a client has posted under this id. */
  byClientId(participantId: number, clientId: string): Row | undefined {
    for (const row of this.rows(withClientId(this.postings, [participantId, clientId], this.range() ?? [0, -1]))) {
      if (row[1] === clientId && row[2] === participantId) return row;
    }
    return undefined;
  }

  /** The least id and the largest one; undefined where there is none. */
  range(): readonly [first: number, last: number] | undefined {
    const first = unpacked(this.database.row('SELECT rows FROM intentions_packed ORDER BY block LIMIT 1'));
    const last = unpacked(this.database.row('SELECT rows FROM intentions_packed ORDER BY block DESC LIMIT 1'));
    return first && last && [first.get(0, ID), last.get(last.count - 1, ID)];
  }

  /** Those that may still change, in the order of their ids. */
  *unsettled(): Generator<Row> {
    for (const found of this.database.each('SELECT rows FROM intentions_packed WHERE unsettled > 0 ORDER BY block')) {
      const block = unpacked(found);
      for (let index = 0; index < (block?.count ?? 0); index++) {
        if (block !== undefined && (block.get(index, STATUS) === Status.Open || block.get(index, RESERVED) > 0))
          yield rowAt(block, index);
      }
    }
  }
}

function unpacked(row: readonly (SqlValue | undefined)[] | undefined): PackedRows | undefined {
  return row === undefined ? undefined : new PackedRows(row[0] as Uint8Array, COLUMNS); // the column is a BLOB
}

function* takeOne<Value>(values: Iterable<Value>): Generator<Value> {
  for (const value of values) {
    yield value;
    return;
  }
}
