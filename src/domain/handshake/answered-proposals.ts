/**
 * What responders remember of initiators in other shards: the latest proposal that each has answered to each. An initiator has one
 * proposal open at a time and numbers them, so any that is not later than the latest is a copy, or has come late. (A proposal from
 * within the shard needs no memory: its deal is in flight here, or over.)
 */
export class AnsweredProposals {
  /** By responder, then by initiator: the deal's number, negative when it was declined. */
  private readonly latest = new Map<number, Map<number, number>>();

  get isEmpty(): boolean {
    return this.latest.size === 0;
  }

  answer(responderId: number, initiatorId: number, dealNumber: number, isAccepted: boolean): void {
    const answered = this.latest.get(responderId) ?? new Map<number, number>();
    answered.set(initiatorId, isAccepted ? dealNumber : -dealNumber);
    this.latest.set(responderId, answered);
  }

  /** Whether it has answered this proposal or a later one. */
  isKnown(responderId: number, initiatorId: number, dealNumber: number): boolean {
    return dealNumber <= Math.abs(this.latest.get(responderId)?.get(initiatorId) ?? 0);
  }

  hasDeclined(responderId: number, initiatorId: number, dealNumber: number): boolean {
    return this.latest.get(responderId)?.get(initiatorId) === -dealNumber;
  }

  /** The responder is gone, and answers nobody any more. */
  forget(responderId: number): void {
    this.latest.delete(responderId);
  }

  /** Triples of responder, initiator and number, for a snapshot and a digest: in the order in which they were first heard. */
  dump(): readonly (readonly [responderId: number, initiatorId: number, dealNumber: number])[] {
    return [...this.latest].flatMap(([responderId, answered]) =>
      [...answered].map(([initiatorId, dealNumber]) => [responderId, initiatorId, dealNumber] as const),
    );
  }

  load(dump: ReturnType<AnsweredProposals['dump']>): void {
    for (const [responderId, initiatorId, dealNumber] of dump) {
      this.answer(responderId, initiatorId, Math.abs(dealNumber), dealNumber > 0);
    }
  }
}
