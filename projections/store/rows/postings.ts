/**
 * Where to find rows by something else than what they are ordered by: of each participant, say, the positions of its deals.
 *
 * A key has its entries in the order in which they were added, in rows of the table `postings`: one for each part, and a part is what one
 * high end of the entries has in common (of positions: 65,536 of them). So a row stays short, is written again while it grows, and what is
 * added is put behind what it holds.
 */
import { BulkStatement, type SqlDatabase, type SqlValue } from '../database/database.js';

/** What is found, by what it is found by. */
export const Kind = {
  /** Deals, by who takes part. */
  Participant: 0,
  Instrument: 1,
  /** Deals, by 64 intentions that follow each other. */
  Intention: 2,
  /** Intentions that are closed, by participant and status. */
  Closed: 3,
  /** Intentions, by the hash of a client’s id. */
  ClientId: 4,
} as const;
type KindNumber = (typeof Kind)[keyof typeof Kind];

/** Bytes of an entry, by kind. */
const entryBytes: readonly number[] = [2, 2, 4, 2, 4];
const COLUMNS = 4;

export interface Range {
  /** Parts from this one on, up to and with that one, in either order. */
  readonly first?: number;
  readonly last?: number;
  readonly descending?: boolean;
}

/** The entries of one key in one part. */
export interface Part {
  readonly part: number;
  readonly entries: readonly number[];
}

export class Postings {
  constructor(private readonly database: SqlDatabase) {}

  /** In the order of the parts. */
  *parts(
    kind: KindNumber,
    key: number,
    { first = 0, last = Number.MAX_SAFE_INTEGER, descending = false }: Range = {},
  ): Generator<Part> {
    const sql = `SELECT part, entries FROM postings WHERE kind = ? AND key = ? AND part >= ? AND part <= ?
      ORDER BY part ${descending ? 'DESC' : 'ASC'} LIMIT 1`;
    let [from, to] = [first, last];
    for (;;) {
      const [part, entries] = this.database.row(sql, [kind, key, from, to]) ?? [];
      if (part === undefined) return;
      yield { part: Number(part), entries: entriesOf(kind, entries) };
      if (descending) to = Number(part) - 1;
      else from = Number(part) + 1;
    }
  }

  /** Of one part alone. */
  entries(kind: KindNumber, key: number, part: number): readonly number[] {
    const row = this.database.row('SELECT entries FROM postings WHERE kind = ? AND key = ? AND part = ?', [
      kind,
      key,
      part,
    ]);
    return row === undefined ? [] : entriesOf(kind, row[0]);
  }
}

function entriesOf(kind: KindNumber, stored: SqlValue | undefined): readonly number[] {
  const bytes = stored as Buffer; // the column is a BLOB
  const entries: number[] = [];
  if (entryBytes[kind] === 2) for (let at = 0; at < bytes.length; at += 2) entries.push(bytes.readUInt16BE(at));
  else for (let at = 0; at < bytes.length; at += 4) entries.push(bytes.readUInt32BE(at));
  return entries;
}

/** What a chunk adds to the postings. */
export class PostingsWriter {
  private readonly append: BulkStatement;
  /** By kind, part and key. */
  private readonly added: readonly Map<number, Map<number, number[]>>[] = entryBytes.map(() => new Map());

  constructor(database: SqlDatabase) {
    // What || makes of two BLOBs is a TEXT of the same bytes.
    this.append = new BulkStatement(
      database,
      COLUMNS,
      (values) => `INSERT INTO postings VALUES ${values}
        ON CONFLICT DO UPDATE SET entries = CAST(entries || excluded.entries AS BLOB)`,
    );
  }

  /** `entry` is below 2^16, or 2^32 where a kind’s entries are so long. */
  add(kind: KindNumber, key: number, part: number, entry: number): void {
    const parts = this.added[kind] as Map<number, Map<number, number[]>>; // one of each kind
    let keys = parts.get(part);
    if (keys === undefined) parts.set(part, (keys = new Map<number, number[]>()));
    const entries = keys.get(key);
    if (entries === undefined) keys.set(key, [entry]);
    else entries.push(entry);
  }

  /** To be called within a transaction. In the order of the keys: then SQLite writes each page once. */
  write(): void {
    this.added.forEach((parts, kind) => {
      const rows: (readonly [key: number, part: number, entries: readonly number[]])[] = [];
      for (const [part, keys] of parts) for (const [key, entries] of keys) rows.push([key, part, entries]);
      rows.sort(([one, onePart], [other, otherPart]) => one - other || onePart - otherPart);
      this.append.run(rows.flatMap(([key, part, entries]) => [kind, key, part, packed(kind, entries)]));
      parts.clear();
    });
  }
}

function packed(kind: number, entries: readonly number[]): Buffer {
  const width = entryBytes[kind] as number; // one of each kind
  const bytes = Buffer.allocUnsafe(entries.length * width);
  let at = 0;
  for (const entry of entries) at = width === 2 ? bytes.writeUInt16BE(entry, at) : bytes.writeUInt32BE(entry, at);
  return bytes;
}
