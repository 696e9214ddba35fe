/** A deal, by its initiator and that intention's own count of proposals. */
export interface DealId {
  readonly initiatorId: number;
  readonly dealNumber: number;
}

/** The text that names a deal: `7-2`. */
export function dealName({ initiatorId, dealNumber }: DealId): string {
  return `${initiatorId}-${dealNumber}`;
}
