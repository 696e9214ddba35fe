import { closeSync, openSync, rmSync } from 'node:fs';
import { fromHex } from '../../../src/events/bytes.js';
import { FILE_MODE } from '../../../src/log/file-modes.js';
import { messageOf } from '../../../src/log/message-of.js';
import { ChunkWriter } from './chunk-writer.js';
import { isDamage, named, type Row, SqlDatabase } from './database.js';
import { StoredIntention } from '../queries/open-intentions.js';
import { checkPages, DamagedPagesError, PageSums, sumsSuffixes } from '../pages/page-sums.js';
import { PastQueries } from '../queries/past-queries.js';
import { StoreQueries } from '../queries/queries.js';
import type { StoreMoment } from '../queries/store-moment.js';
import { auctionColumns, FORMAT_VERSION, openDealColumns, pragmas, schema } from './schema.js';
import { listedInstruments } from './standing.js';
import { StoreFold } from './store-fold.js';
import { IntentionRows } from '../rows/intention-rows.js';

/** A database, and a fold that goes on where it ends. */
export interface OpenStore {
  readonly database: SqlDatabase;
  readonly fold: StoreFold;
  readonly writer: ChunkWriter;
  readonly queries: StoreQueries;
  /** The same as of a past moment. */
  queriesAt(moment: StoreMoment): StoreQueries;
  readonly checkpoint: { readonly position: number; readonly sealDigest: string };
  /** Undefined for one in memory. */
  readonly sums: PageSums | undefined;
  /** Why the file was replaced by an empty one, if it was. */
  readonly replaced?: string;
}

class OtherFormatError extends Error {}

/** Opens the file; one of another format, or no whole database, is replaced by an empty one. */
export function openStore(file: string): OpenStore {
  try {
    return load(file);
  } catch (error) {
    if (!isDamage(error) && !(error instanceof OtherFormatError)) throw error;
    removeStore(file);
    return { ...load(file), replaced: messageOf(error) };
  }
}

/** Drops all tables and creates them again, empty. */
export function emptyStore({ database, sums }: OpenStore): OpenStore {
  database.transaction(() => {
    for (const [type, name] of database.rows("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')")) {
      database.exec(`DROP ${String(type)} ${String(name)}`);
    }
    database.exec(schema);
  });
  sums?.note();
  return startFrom(database, sums);
}

/** All files that a store may have. */
export function filesOfStore(file: string): readonly string[] {
  return file === ':memory:' ? [] : ['', '-wal', '-shm', '-journal', ...sumsSuffixes].map((suffix) => file + suffix);
}

/** Of a store that nobody has open. */
export function removeStore(file: string): void {
  for (const each of filesOfStore(file)) rmSync(each, { force: true });
}

/** SQLite would make it for all to read; what it makes beside it gets the mode of this. Where it cannot be made, SQLite says why. */
function makeFile(file: string): void {
  if (file === ':memory:') return;
  try {
    closeSync(openSync(file, 'a', FILE_MODE));
  } catch {
    return;
  }
}

function load(file: string): OpenStore {
  const isChecked = file === ':memory:' || checkPages(file);
  makeFile(file);
  const database = new SqlDatabase(file);
  try {
    database.exec(pragmas);
    database.transaction(() => createTables(database, file, isChecked));
    const sums = file === ':memory:' ? undefined : new PageSums(file, () => database.moveLog());
    if (!isChecked) sums?.move();
    return startFrom(database, sums);
  } catch (error) {
    database.close();
    throw error;
  }
}

function startFrom(database: SqlDatabase, sums: PageSums | undefined): OpenStore {
  const fold = new StoreFold();
  const checkpoint = restore(database, fold);
  const queries = new StoreQueries(database, fold.directory, fold.levels);
  const queriesAt = (moment: StoreMoment): StoreQueries => new PastQueries(database, fold.directory, moment);
  return { database, fold, writer: new ChunkWriter(database), queries, queriesAt, checkpoint, sums };
}

function createTables(database: SqlDatabase, file: string, isChecked: boolean): void {
  const version = database.row('PRAGMA user_version')?.[0];
  if (version === FORMAT_VERSION && !isChecked) throw new DamagedPagesError('it has no sums of its pages');
  if (version === FORMAT_VERSION) return;
  if (version !== 0) throw new OtherFormatError(`${file} has format ${String(version)}`);
  const tables = database.row('SELECT count(*) FROM sqlite_master')?.[0];
  if (tables !== 0) throw new Error(`${file} is a database, but not one of Parley's`);
  database.exec(schema);
}

/** The columns of a row that hold whole numbers. */
function numbers(row: Row): number[] {
  return row as number[]; // only asked for rows of INTEGER columns, which hold less than 2^53
}

/** Brings the fold to where the tables end. */
function restore(database: SqlDatabase, fold: StoreFold): OpenStore['checkpoint'] {
  const row = database.row(
    'SELECT position, at_ms, deals_confirmed, deals_aborted, late_decisions, seal_digest FROM checkpoint',
  );
  if (row === undefined) throw new OtherFormatError('the store has no checkpoint');
  const [position = 0, atMs = 0, confirmed = 0, aborted = 0, late = 0] = numbers(row);
  const sealDigest = String(row[5]);
  fold.position = position - 1;
  fold.atMs = atMs;
  fold.dealsConfirmed = confirmed;
  fold.dealsAborted = aborted;
  fold.lateDecisions = late;
  fold.sealDigest.set(fromHex(sealDigest));
  restoreDirectory(database, fold);
  restoreIntentions(database, fold);
  restoreDeals(database, fold);
  restoreMarks(database, fold);
  return { position, sealDigest };
}

/** Revisions are the log's, and the time is the checkpoint's. */
const UNTIMED = { revision: 0, atMs: 0 };

function restoreDirectory(database: SqlDatabase, { directory }: StoreFold): void {
  for (const [participantId, name] of database.rows('SELECT participant_id, name FROM participants ORDER BY 1')) {
    directory.participantAdmitted({ ...UNTIMED, participantId: Number(participantId), name: String(name) });
  }
  for (const { phase, ...listed } of listedInstruments(database, -1, Number.MAX_SAFE_INTEGER)) {
    directory.instrumentListed({ ...UNTIMED, ...listed });
    directory.phaseChanged({ ...UNTIMED, instrumentId: listed.instrumentId, phase });
  }
}

function restoreIntentions(database: SqlDatabase, { intentions, levels }: StoreFold): void {
  // Taken apart by place: there is a row for each open intention, and the store opens only after the last.
  for (const row of new IntentionRows(database).unsettled()) {
    const [intentionId = 0, , participantId = 0, instrumentId = 0, side = 0, pricing = 0] = numbers(row);
    const now = numbers(row).slice(13);
    const [priceTicks = 0, quantityLots = 0, filledLots = 0, reservedLots = 0, status = 0, ...closed] = now;
    const posted = { intentionId, participantId, instrumentId, side, pricing, priceTicks, quantityLots };
    const intention = new StoredIntention(posted);
    intention.filledLots = filledLots;
    intention.reservedLots = reservedLots;
    intention.status = status;
    [intention.closedReason = 0, intention.closedAtMs = 0, intention.closedPosition = 0] = closed;
    intentions.restore(intention, levels);
  }
}

function restoreDeals(database: SqlDatabase, { openDeals }: StoreFold): void {
  for (const row of database.rows('SELECT * FROM open_deals')) openDeals.restore(integers(openDealColumns, row));
}

function restoreMarks(database: SqlDatabase, { marks }: StoreFold): void {
  const countOf = (table: string): number => Number(database.row(`SELECT count(*) FROM ${table}`)?.[0]);
  const underWay = database.rows('SELECT * FROM auctions WHERE left_lots > 0');
  marks.restore(
    countOf('restarts'),
    countOf('auctions'),
    underWay.map((row) => integers(auctionColumns, row)),
  );
}

/** INTEGER columns by their names. */
function integers<Name extends string>(columns: readonly Name[], row: Row): Record<Name, number> {
  return named(columns, row) as Record<Name, number>; // INTEGER columns hold whole numbers below 2^53
}
