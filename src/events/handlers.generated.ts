// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.

import type {
  ShardStarted,
  BatchSealed,
  ParticipantAdmitted,
  PhaseChanged,
  AuctionUncrossed,
  LossAccepted,
  InstrumentListed,
  SwitchSet,
  SwitchLapsed,
  LimitsSet,
  PostRefused,
  IntentionPosted,
  ProposalMade,
  ProposalAccepted,
  ProposalDeclined,
  DealSettled,
  IntentionWithdrawn,
  IntentionExpired,
  IntentionReduced,
  IntentionAmended,
  DealConfirmed,
  DealAborted,
  Journal,
} from '../domain/journal.generated.js';

/** The events as records. */
export type * as Recorded from '../domain/journal.generated.js';

/** A reader's target: a journal with the envelope that the reader fills in before each call. */
export interface EventHandler extends Journal {
  /** Log position of the event that is being handled. */
  position: number;
  /** The time that the latest event with a time names, this one included: milliseconds since 1970. */
  atMs: number;
}

/** A handler that ignores every event: folds extend it and listen to those that concern them. */
export class NoopHandler implements EventHandler {
  position = -1;
  atMs = 0;
  shardStarted(_event: ShardStarted): void {}
  batchSealed(_event: BatchSealed): void {}
  participantAdmitted(_event: ParticipantAdmitted): void {}
  phaseChanged(_event: PhaseChanged): void {}
  auctionUncrossed(_event: AuctionUncrossed): void {}
  lossAccepted(_event: LossAccepted): void {}
  instrumentListed(_event: InstrumentListed): void {}
  switchSet(_event: SwitchSet): void {}
  switchLapsed(_event: SwitchLapsed): void {}
  limitsSet(_event: LimitsSet): void {}
  postRefused(_event: PostRefused): void {}
  intentionPosted(_event: IntentionPosted): void {}
  proposalMade(_event: ProposalMade): void {}
  proposalAccepted(_event: ProposalAccepted): void {}
  proposalDeclined(_event: ProposalDeclined): void {}
  dealSettled(_event: DealSettled): void {}
  intentionWithdrawn(_event: IntentionWithdrawn): void {}
  intentionExpired(_event: IntentionExpired): void {}
  intentionReduced(_event: IntentionReduced): void {}
  intentionAmended(_event: IntentionAmended): void {}
  dealConfirmed(_event: DealConfirmed): void {}
  dealAborted(_event: DealAborted): void {}
}

const ignoring: Journal = NoopHandler.prototype;

/**
 * Several handlers as one: each event is decoded once, and only those that listen to it are called.
 *
 * 1. A handler that is called sees its own envelope; `align` brings the others, which were not called, up to the same one.
 */
export class FanOut implements EventHandler {
  position: number;
  atMs: number;
  private readonly listening: Readonly<Record<keyof Journal, readonly EventHandler[]>>;

  /** The handlers stand at the same position. */
  constructor(private readonly handlers: readonly EventHandler[]) {
    const to = (event: keyof Journal): readonly EventHandler[] =>
      handlers.filter((handler) => handler[event] !== ignoring[event]);
    this.position = handlers[0]?.position ?? -1;
    this.atMs = handlers[0]?.atMs ?? 0;
    this.listening = {
      shardStarted: to('shardStarted'),
      batchSealed: to('batchSealed'),
      participantAdmitted: to('participantAdmitted'),
      phaseChanged: to('phaseChanged'),
      auctionUncrossed: to('auctionUncrossed'),
      lossAccepted: to('lossAccepted'),
      instrumentListed: to('instrumentListed'),
      switchSet: to('switchSet'),
      switchLapsed: to('switchLapsed'),
      limitsSet: to('limitsSet'),
      postRefused: to('postRefused'),
      intentionPosted: to('intentionPosted'),
      proposalMade: to('proposalMade'),
      proposalAccepted: to('proposalAccepted'),
      proposalDeclined: to('proposalDeclined'),
      dealSettled: to('dealSettled'),
      intentionWithdrawn: to('intentionWithdrawn'),
      intentionExpired: to('intentionExpired'),
      intentionReduced: to('intentionReduced'),
      intentionAmended: to('intentionAmended'),
      dealConfirmed: to('dealConfirmed'),
      dealAborted: to('dealAborted'),
    };
  }

  /** To be called after the last event of a pass. */
  align(): void {
    for (const handler of this.handlers) {
      handler.position = this.position;
      handler.atMs = this.atMs;
    }
  }

  shardStarted(event: ShardStarted): void {
    for (const handler of this.listening.shardStarted) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.shardStarted(event);
    }
  }

  batchSealed(event: BatchSealed): void {
    for (const handler of this.listening.batchSealed) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.batchSealed(event);
    }
  }

  participantAdmitted(event: ParticipantAdmitted): void {
    for (const handler of this.listening.participantAdmitted) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.participantAdmitted(event);
    }
  }

  phaseChanged(event: PhaseChanged): void {
    for (const handler of this.listening.phaseChanged) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.phaseChanged(event);
    }
  }

  auctionUncrossed(event: AuctionUncrossed): void {
    for (const handler of this.listening.auctionUncrossed) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.auctionUncrossed(event);
    }
  }

  lossAccepted(event: LossAccepted): void {
    for (const handler of this.listening.lossAccepted) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.lossAccepted(event);
    }
  }

  instrumentListed(event: InstrumentListed): void {
    for (const handler of this.listening.instrumentListed) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.instrumentListed(event);
    }
  }

  switchSet(event: SwitchSet): void {
    for (const handler of this.listening.switchSet) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.switchSet(event);
    }
  }

  switchLapsed(event: SwitchLapsed): void {
    for (const handler of this.listening.switchLapsed) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.switchLapsed(event);
    }
  }

  limitsSet(event: LimitsSet): void {
    for (const handler of this.listening.limitsSet) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.limitsSet(event);
    }
  }

  postRefused(event: PostRefused): void {
    for (const handler of this.listening.postRefused) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.postRefused(event);
    }
  }

  intentionPosted(event: IntentionPosted): void {
    for (const handler of this.listening.intentionPosted) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.intentionPosted(event);
    }
  }

  proposalMade(event: ProposalMade): void {
    for (const handler of this.listening.proposalMade) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.proposalMade(event);
    }
  }

  proposalAccepted(event: ProposalAccepted): void {
    for (const handler of this.listening.proposalAccepted) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.proposalAccepted(event);
    }
  }

  proposalDeclined(event: ProposalDeclined): void {
    for (const handler of this.listening.proposalDeclined) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.proposalDeclined(event);
    }
  }

  dealSettled(event: DealSettled): void {
    for (const handler of this.listening.dealSettled) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.dealSettled(event);
    }
  }

  intentionWithdrawn(event: IntentionWithdrawn): void {
    for (const handler of this.listening.intentionWithdrawn) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.intentionWithdrawn(event);
    }
  }

  intentionExpired(event: IntentionExpired): void {
    for (const handler of this.listening.intentionExpired) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.intentionExpired(event);
    }
  }

  intentionReduced(event: IntentionReduced): void {
    for (const handler of this.listening.intentionReduced) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.intentionReduced(event);
    }
  }

  intentionAmended(event: IntentionAmended): void {
    for (const handler of this.listening.intentionAmended) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.intentionAmended(event);
    }
  }

  dealConfirmed(event: DealConfirmed): void {
    for (const handler of this.listening.dealConfirmed) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.dealConfirmed(event);
    }
  }

  dealAborted(event: DealAborted): void {
    for (const handler of this.listening.dealAborted) {
      handler.position = this.position;
      handler.atMs = this.atMs;
      handler.dealAborted(event);
    }
  }
}
