import { ByteCursor, DamagedEventError, toHex } from '../../src/events/bytes.js';
import { readEvent } from '../../src/events/codec.generated.js';
import type { EventBatch } from '../../src/events/fold.js';
import { DigestChain } from '../../src/log/digest-chain.js';
import type { MakeSha256 } from '../../src/log/sha256.js';
import { EventChecks } from './event-checks.js';
import type { Finding, FindingCode } from './findings.js';

/** What an audit came to. */
export interface AuditReport {
  /** In log order; at most MAX_KEPT_PER_CODE of one code. */
  readonly findings: readonly Finding[];
  /** How often each code was found, kept or not. */
  readonly countByCode: ReadonlyMap<FindingCode, number>;
  readonly violationCount: number;
  readonly noteCount: number;
  /** The log could not be read to its end. */
  readonly isDamaged: boolean;
  readonly eventCount: number;
  readonly batchCount: number;
  readonly intentionCount: number;
  readonly confirmedDealCount: number;
  /** Digest of the last batch, in hexadecimal. */
  readonly digest: string;
}

const SEALED_CODE = 2;

/**
 * The audit: checks a shard's log from its first event, in one pass, against the protocol and those invariants that a log shows
 * (`projections/invariants.ts`). It shares nothing with the exchange but the catalogue of events: what should have happened is worked
 * out again, and simply. What each event must fit is EventChecks'; here are the batches, their seals, and the report.
 *
 * Give it batches (`auditBatch`), which checks their seals too; or single events, as any other fold. What one event breaks is found
 * at that event's position, and the audit goes on from what the log says.
 */
export class AuditFold extends EventChecks {
  private readonly chain: DigestChain;
  /** The log could not be read to its end. */
  isDamaged = false;
  /** Position after the last event that was read. */
  readTo = 0;
  private batchCount = 0;

  /** `sha256`: what the seals of batches are checked with. */
  constructor(sha256: MakeSha256) {
    super();
    this.chain = new DigestChain(sha256);
  }

  /** Checks the next batch. After damage there is nothing more to be had from the log. */
  auditBatch(batch: EventBatch): void {
    if (this.isDamaged) return;
    const { bytes, firstPosition, count } = batch;
    if (firstPosition !== this.readTo) {
      this.findAt(
        'POSITION_GAP',
        firstPosition,
        `the batch begins at ${firstPosition}, the one before it ended at ${this.readTo}`,
      );
    }
    const cursor = new ByteCursor(bytes);
    let position = firstPosition;
    let lastAt = 0;
    let code = 0;
    try {
      while (cursor.at < cursor.end) {
        if (code === SEALED_CODE) this.findAt('SEAL_MISPLACED', position - 1, 'events follow in the same batch');
        lastAt = cursor.at;
        this.position = position;
        code = readEvent(cursor, this);
        position++;
      }
    } catch (error) {
      if (!(error instanceof DamagedEventError)) throw error;
      this.damaged('EVENT_DAMAGED', error.message);
      return;
    }
    if (position - firstPosition !== count) {
      this.findAt(
        'COUNT_DIFFERS',
        firstPosition,
        `the batch says ${count} events and holds ${position - firstPosition}`,
      );
    }
    if (code === SEALED_CODE) this.checkSeal(bytes, lastAt);
    else this.findAt('BATCH_UNSEALED', position - 1, 'the batch does not end with a BatchSealed');
    this.readTo = position;
    this.batchCount++;
  }

  private checkSeal(bytes: Uint8Array, sealAt: number): void {
    const sealed = this.sealedDigest;
    const expected = this.chain.next(bytes.subarray(0, sealAt));
    if (expected.some((byte, index) => byte !== sealed[index])) {
      this.findAt(
        'DIGEST_MISMATCH',
        this.position,
        `the digest is ${toHex(sealed)}, the events give ${toHex(expected)}`,
      );
    }
    this.chain.advance(sealed);
  }

  /** Of the last batch, in hexadecimal. */
  get digest(): string {
    return this.chain.hex;
  }

  /** A finding that something beside the log shows. */
  reportBeside(code: 'LOG_LOST' | 'LOG_REPAIRED' | 'ANCHOR_NOT_HELD', position: number, message: string): void {
    this.findAt(code, position, message);
  }

  /** The log cannot be read any further. */
  damaged(code: 'LOG_DAMAGED' | 'LOG_LOST' | 'EVENT_DAMAGED', message: string): void {
    this.isDamaged = true;
    this.findAt(code, Math.max(this.position, this.readTo), message);
  }

  private findAt(code: FindingCode, position: number, message: string): void {
    this.state.findings.report(code, position, message);
  }

  /** To be called once, at the head of the log. What a running or crashed exchange may leave unfinished there becomes notes. */
  finish(): AuditReport {
    const { findings, arrival, auction, intentions } = this.state;
    this.deals.reportInDoubt();
    this.foreignDeals.reportInDoubt();
    this.owed.reportUnderWay();
    if (this.arrivals.isUnderWay && arrival !== undefined) {
      const { id, placePosition } = arrival.intention;
      this.state.reportAtHead('ARRIVAL_UNDER_WAY', placePosition, `intention ${id} is still arriving`);
    }
    if (this.auctions.isUnderWay && auction !== undefined) {
      const { dealtLots, volumeLots, position } = auction;
      this.state.reportAtHead('AUCTION_UNDER_WAY', position, `${dealtLots} of ${volumeLots} lots are dealt`);
    }
    return {
      findings: findings.list(),
      countByCode: findings.countByCode(),
      violationCount: findings.violationCount,
      noteCount: findings.noteCount,
      isDamaged: this.isDamaged,
      eventCount: this.readTo,
      batchCount: this.batchCount,
      intentionCount: intentions.posted,
      confirmedDealCount: this.deals.confirmed,
      digest: this.chain.hex,
    };
  }
}
