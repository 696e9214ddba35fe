import type { AuctionUncrossed, InstrumentListed } from '../../../src/domain/journal.generated.js';
import { hasSteps } from '../../../src/domain/instrument.js';
import type { Auctions } from './auctions.js';
import { AuditedInstrument } from '../state/records.js';
import type { AuditState } from '../state/state.js';

/** Checks the shard's own stream: writers, participants, instruments, phases. */
export class ShardStream {
  private revision = 0;
  private shard = -1;
  private epoch = 0;
  private readonly names = new Set<string>();

  constructor(
    private readonly state: AuditState,
    private readonly auctions: Auctions,
  ) {}

  /** Every event of the stream comes by here first. */
  event(revision: number): void {
    this.state.checkRevision('the shard’s stream', this.revision, revision);
    this.revision = revision + 1;
  }

  started(shard: number, epoch: number): void {
    if (this.shard !== -1 && shard !== this.shard) {
      this.state.report('SHARD_DIFFERS', `shard ${shard} started in the log of shard ${this.shard}`);
    }
    if (epoch <= this.epoch) this.state.report('EPOCH_NOT_HIGHER', `epoch ${epoch} started after epoch ${this.epoch}`);
    this.shard = shard;
    this.state.intentions.belongTo(shard);
    this.epoch = Math.max(epoch, this.epoch);
  }

  admitted(participantId: number, name: string): void {
    const { participants } = this.state;
    if (participants.has(participantId) || this.names.has(name)) {
      this.state.report(
        'PARTICIPANT_REUSED',
        `participant ${participantId}, ${JSON.stringify(name)}, was admitted before`,
      );
    }
    participants.add(participantId);
    this.names.add(name);
  }

  listed(event: InstrumentListed): void {
    const { state } = this;
    const { revision: _revision, instrumentId, atMs: _atMs, ...terms } = event;
    if (!hasSteps(terms)) {
      state.report(
        'LISTING_INVALID',
        `instrument ${instrumentId} is listed with decimals, a tick or a lot that none has`,
      );
      return;
    }
    const known = state.instruments.get(instrumentId);
    if (known === undefined) {
      for (const other of state.instruments.values()) {
        if (other.terms.symbol === terms.symbol)
          this.reportChange(instrumentId, `symbol ${terms.symbol} is instrument ${other.id}’s`);
      }
      state.instruments.set(instrumentId, new AuditedInstrument(instrumentId, terms));
      return;
    }
    const fixed = ['symbol', 'priceDecimals', 'tickSize', 'quantityDecimals', 'lotSize'] as const;
    const changed = fixed.filter((field) => known.terms[field] !== terms[field]);
    if (changed.length > 0) this.reportChange(instrumentId, `its ${changed.join(', ')} changed`);
    known.terms = terms;
  }

  private reportChange(instrumentId: number, how: string): void {
    this.state.report('INSTRUMENT_CHANGED', `instrument ${instrumentId} was listed again: ${how}`);
  }

  phaseChanged(instrumentId: number, phase: number): void {
    const instrument = this.instrument(instrumentId);
    if (instrument !== undefined) instrument.phase = phase;
  }

  uncrossed({ instrumentId, priceTicks, volumeLots }: AuctionUncrossed): void {
    const instrument = this.instrument(instrumentId);
    if (instrument !== undefined) this.auctions.begin(instrument, priceTicks, volumeLots);
  }

  private instrument(instrumentId: number): AuditedInstrument | undefined {
    const instrument = this.state.instruments.get(instrumentId);
    if (instrument === undefined)
      this.state.report('UNKNOWN_INSTRUMENT', `instrument ${instrumentId} was never listed`);
    return instrument;
  }

  /** An event other than ShardStarted: some writer must have started before it. */
  checkStarted(): void {
    if (this.shard !== -1) return;
    this.shard = -2; // said once
    this.state.report('NOT_STARTED', 'the log does not begin with a ShardStarted');
  }
}
