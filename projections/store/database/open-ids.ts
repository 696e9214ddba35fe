/** Whose an intention is. */
interface Owned {
  readonly intentionId: number;
  readonly participantId: number;
}

/** The ids of the intentions that are open as of the checkpoint, of all and of each participant, in their order. */
export class OpenIds {
  // In a Set they stand in the order in which they were added, and ids are handed out in that order.
  private readonly all = new Set<number>();
  private readonly byParticipant = new Map<number, Set<number>>();

  /** To be called in the order of the ids. */
  add({ intentionId, participantId }: Owned): void {
    this.all.add(intentionId);
    const own = this.byParticipant.get(participantId);
    if (own === undefined) this.byParticipant.set(participantId, new Set([intentionId]));
    else own.add(intentionId);
  }

  remove({ intentionId, participantId }: Owned): void {
    this.all.delete(intentionId);
    const own = this.byParticipant.get(participantId);
    own?.delete(intentionId);
    if (own?.size === 0) this.byParticipant.delete(participantId);
  }

  /** Those with a larger id, of one participant or of all. */
  *after(id: number, participantId?: number): Generator<number> {
    const ids = participantId === undefined ? this.all : this.byParticipant.get(participantId);
    for (const each of ids ?? []) if (each > id) yield each;
  }
}
