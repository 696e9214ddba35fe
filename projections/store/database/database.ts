import Database from 'libsql';

/** What a column holds. Only these, and only in arrays: libsql aborts the process when it is given a Buffer by itself. */
export type SqlValue = number | bigint | string | Uint8Array;

export type Row = readonly SqlValue[];

/** The little of libsql that the store needs, with rows as arrays and prepared statements kept by their text. */
export class SqlDatabase {
  private readonly database: Database.Database;
  private readonly statements = new Map<string, Database.Statement>();

  constructor(file: string) {
    this.database = new Database(file);
  }

  exec(sql: string): void {
    this.database.exec(sql);
  }

  /** Returns how many rows it changed. */
  run(sql: string, values: Row = []): number {
    return this.prepared(sql, false).run(values).changes;
  }

  /** With `exact`, whole numbers come as bigints. */
  rows(sql: string, values: Row = [], exact = false): Row[] {
    return this.prepared(sql, true, exact).all(values) as Row[]; // a raw statement gives arrays
  }

  row(sql: string, values: Row = [], exact = false): Row | undefined {
    return this.prepared(sql, true, exact).get(values) as Row | undefined; // a raw statement gives arrays
  }

  /** Rows one at a time, for results that need not fit in memory. */
  each(sql: string): IterableIterator<Row> {
    return this.prepared(sql, true).iterate([]) as IterableIterator<Row>; // a raw statement gives arrays
  }

  /** Reads the tables as they stand at one moment, whatever else writes them. */
  snapshot<Value>(look: () => Value): Value {
    this.database.exec('BEGIN');
    try {
      return look();
    } finally {
      if (this.database.inTransaction) this.database.exec('COMMIT');
    }
  }

  /** Moves what the write-ahead log holds into the database, as far as nobody reads it. */
  moveLog(): void {
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** All of it or nothing. */
  transaction(work: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * Leaves one file without a write-ahead log. libsql keeps a connection until its statements are collected, and a connection that ends
   * later would take the write-ahead log of the next one with it.
   */
  close(): void {
    try {
      this.database.exec('PRAGMA journal_mode = DELETE');
    } catch {
      // Somebody else reads the file, or it is no database: then the log stays, and the next to open it takes it over.
    }
    this.statements.clear();
    this.database.close();
  }

  private prepared(sql: string, raw: boolean, exact = false): Database.Statement {
    const key = exact ? `exact ${sql}` : sql;
    let statement = this.statements.get(key);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      if (raw) statement.raw(true);
      if (exact) statement.safeIntegers(true);
      this.statements.set(key, statement);
    }
    return statement;
  }
}

/** The values of a row under the names of its columns. */
export function named<Name extends string>(columns: readonly Name[], row: Row): Record<Name, SqlValue> {
  return Object.fromEntries(columns.map((name, index) => [name, row[index]])) as Record<Name, SqlValue>; // of each name
}

/** One block of rows saves most of the cost of a statement; more of them saves no more. */
const ROWS_A_STATEMENT = 50;

/** Writes many rows of equal length, given one after the other in one array. */
export class BulkStatement {
  private readonly many: string;
  private readonly one: string;
  private readonly blockLength: number;

  /** `sqlFor` is given the list of rows, `(?,?),(?,?)…`, to stand after VALUES. */
  constructor(
    private readonly database: SqlDatabase,
    private readonly columns: number,
    sqlFor: (values: string) => string,
  ) {
    const row = `(${Array.from({ length: columns }, () => '?').join(',')})`;
    this.many = sqlFor(Array.from({ length: ROWS_A_STATEMENT }, () => row).join(','));
    this.one = sqlFor(row);
    this.blockLength = columns * ROWS_A_STATEMENT;
  }

  run(values: Row): void {
    let at = 0;
    for (; at + this.blockLength <= values.length; at += this.blockLength) {
      this.database.run(this.many, values.slice(at, at + this.blockLength));
    }
    for (; at < values.length; at += this.columns) this.database.run(this.one, values.slice(at, at + this.columns));
  }
}

/** Whether an error says that the file is not a database, or not a whole one: it is to be rebuilt. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB');
}
