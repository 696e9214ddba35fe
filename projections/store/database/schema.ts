/**
 * The tables of the query store. Instruments, participants and intentions are numbered as in the log; prices are ticks, quantities lots.
 *
 * What there are many of, intentions and deals, is packed: a row of SQLite is a block of them (rows/packed-rows.ts), and what they are found
 * by stands beside them (rows/postings.ts). A row costs SQLite some microseconds, whatever is in it; a block of 64 costs little more.
 */
import { viewSql } from '../rows/row-view.js';

/** The file's user_version. To be raised with every change of what the tables mean: a store of another version is rebuilt from the log. */
export const FORMAT_VERSION = 5;

/**
 * Any SQLite tool may read along. What a crash of the machine loses is added again from the log. The write-ahead log is moved by PageSums
 * alone.
 */
export const pragmas = `
  PRAGMA busy_timeout = 2000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA cache_size = -65536;
  PRAGMA temp_store = MEMORY;
`;

/** The columns of an intention as they are packed: those of its terms, then those of its state; the client’s id is in the tail. */
export const packedIntentionColumns = [
  ...(['intention_id', 'participant_id', 'instrument_id', 'side', 'pricing', 'posted_price_ticks'] as const),
  ...([
    'posted_quantity_lots',
    'time_in_force',
    'post_only',
    'expires_at_ms',
    'posted_at_ms',
    'posted_position',
  ] as const),
  ...(['price_ticks', 'quantity_lots', 'filled_lots', 'reserved_lots', 'status', 'closed_reason'] as const),
  ...(['closed_at_ms', 'closed_position', 'client_id_end'] as const),
];

/** The columns of a deal as they are packed. The last is how many deals stand before it: so two tell how many there are between them. */
export const dealColumns = [
  ...(['position', 'deal_number', 'initiator_side', 'buyer_id', 'buyer_participant_id', 'seller_id'] as const),
  ...(['seller_participant_id', 'instrument_id', 'price_ticks', 'quantity_lots', 'at_ms', 'deals_before'] as const),
];

export const schema = `
  CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    seal_digest TEXT NOT NULL,
    deals_confirmed INTEGER NOT NULL,
    deals_aborted INTEGER NOT NULL,
    late_decisions INTEGER NOT NULL
  );
  INSERT INTO checkpoint VALUES (1, 0, 0, '', 0, 0, 0);
  CREATE TABLE instruments (
    instrument_id INTEGER PRIMARY KEY,
    symbol TEXT NOT NULL,
    price_decimals INTEGER NOT NULL,
    tick_size INTEGER NOT NULL,
    quantity_decimals INTEGER NOT NULL,
    lot_size INTEGER NOT NULL,
    min_price_ticks INTEGER NOT NULL,
    max_price_ticks INTEGER NOT NULL,
    price_rule INTEGER NOT NULL,
    self_trade INTEGER NOT NULL,
    counterparties INTEGER NOT NULL,
    phase INTEGER NOT NULL
  );
  CREATE TABLE participants (participant_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  -- Those that are set; limits of instrument 0 are for every instrument.
  CREATE TABLE switches (
    participant_id INTEGER PRIMARY KEY, within_ms INTEGER NOT NULL, lapses_at_ms INTEGER NOT NULL
  );
  CREATE TABLE limits (
    participant_id INTEGER NOT NULL,
    instrument_id INTEGER NOT NULL,
    open_quantity TEXT NOT NULL,
    net_position TEXT NOT NULL,
    intentions_per_second INTEGER NOT NULL,
    halted INTEGER NOT NULL,
    PRIMARY KEY (participant_id, instrument_id)
  ) WITHOUT ROWID;

  -- The views that show what is in them are made of the columns below.
  CREATE TABLE intentions_packed (
    block INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    -- How many are open, or have something reserved.
    unsettled INTEGER NOT NULL,
    rows BLOB NOT NULL
  );
  CREATE TABLE deals_packed (first_position INTEGER PRIMARY KEY, size INTEGER NOT NULL, rows BLOB NOT NULL);
  CREATE TABLE postings (
    kind INTEGER NOT NULL, key INTEGER NOT NULL, part INTEGER NOT NULL, entries BLOB NOT NULL, PRIMARY KEY (kind, key, part)
  ) WITHOUT ROWID;
  CREATE VIEW slots AS
    WITH RECURSIVE counted (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM counted WHERE slot < 255) SELECT slot FROM counted;
  CREATE TABLE aborted_deals (
    position INTEGER NOT NULL,
    initiator_id INTEGER NOT NULL,
    deal_number INTEGER NOT NULL,
    responder_id INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (initiator_id, deal_number)
  ) WITHOUT ROWID;
  CREATE TABLE open_deals (
    initiator_id INTEGER NOT NULL,
    deal_number INTEGER NOT NULL,
    responder_id INTEGER NOT NULL,
    proposed_lots INTEGER NOT NULL,
    accepted_lots INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    price_ticks INTEGER NOT NULL,
    quantity_lots INTEGER NOT NULL,
    promised_position INTEGER NOT NULL,
    promised_at_ms INTEGER NOT NULL,
    decided_position INTEGER NOT NULL,
    PRIMARY KEY (initiator_id, deal_number)
  ) WITHOUT ROWID;

  -- A turnover is high × 2^32 + low: price × quantity of one deal alone can need 62 bits.
  CREATE TABLE positions (
    participant_id INTEGER NOT NULL,
    instrument_id INTEGER NOT NULL,
    bought_lots INTEGER NOT NULL,
    sold_lots INTEGER NOT NULL,
    bought_high INTEGER NOT NULL,
    bought_low INTEGER NOT NULL,
    sold_high INTEGER NOT NULL,
    sold_low INTEGER NOT NULL,
    PRIMARY KEY (participant_id, instrument_id)
  ) WITHOUT ROWID;
  -- Its first and its last deal in the log tell whether a candle is what it was before a position.
  CREATE TABLE candles (
    instrument_id INTEGER NOT NULL,
    interval_ms INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    open_ticks INTEGER NOT NULL,
    high_ticks INTEGER NOT NULL,
    low_ticks INTEGER NOT NULL,
    close_ticks INTEGER NOT NULL,
    volume_lots INTEGER NOT NULL,
    deals INTEGER NOT NULL,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    PRIMARY KEY (instrument_id, interval_ms, start_ms)
  ) WITHOUT ROWID;

  -- What a time line marks, each kind numbered from 0 in the order of the log.
  CREATE TABLE restarts (
    number INTEGER PRIMARY KEY, position INTEGER NOT NULL UNIQUE, at_ms INTEGER NOT NULL, epoch INTEGER NOT NULL
  );
  CREATE TABLE auctions (
    number INTEGER PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    at_ms INTEGER NOT NULL,
    instrument_id INTEGER NOT NULL,
    price_ticks INTEGER NOT NULL,
    volume_lots INTEGER NOT NULL,
    deals INTEGER NOT NULL,
    -- Of its volume, what deals that follow may still belong to.
    left_lots INTEGER NOT NULL
  );

  ${viewSql({ view: 'intentions', columns: packedIntentionColumns, text: { column: 'client_id_end', as: 'client_id' } })}
  ${viewSql({ view: 'deals', columns: dealColumns })}

  PRAGMA user_version = ${FORMAT_VERSION};
`;

/** The columns of `instruments`, as an instrument names them. */
export const instrumentColumns = [
  ...(['instrumentId', 'symbol', 'priceDecimals', 'tickSize', 'quantityDecimals', 'lotSize'] as const),
  ...(['minPriceTicks', 'maxPriceTicks', 'priceRule', 'selfTrade', 'counterparties', 'phase'] as const),
];

/** The columns of `auctions`, as an auction names them. */
export const auctionColumns = [
  ...(['number', 'position', 'atMs', 'instrumentId', 'priceTicks', 'volumeLots', 'deals', 'leftLots'] as const),
];

/** The columns of `open_deals`, as a deal names them. */
export const openDealColumns = [
  ...(['initiatorId', 'dealNumber', 'responderId', 'proposedLots', 'acceptedLots'] as const),
  ...(['outcome', 'priceTicks', 'quantityLots'] as const),
  ...(['promisedPosition', 'promisedAtMs', 'decidedPosition'] as const),
];
