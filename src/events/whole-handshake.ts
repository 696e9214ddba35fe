/**
 * What a field of a fused event is written from: a field of the record, by its name; the number after it; or always the same
 * number, of a choice its index.
 */
export type FusedValue = string | { readonly after: string } | number;

/** Events that are recorded in one call, from one record of all that they say. */
export interface FusedEvents {
  /** Of the record, and of the method that takes it. */
  readonly name: string;
  readonly says: string;
  /** In the order of the log: each event's type, and those of its fields that are not written from the record's field of their name. */
  readonly events: readonly (readonly [type: string, from: Readonly<Record<string, FusedValue>>])[];
}

/** A deal between two intentions that live in the shard and hold nothing else: see src/domain/handshake/fused-handshake.ts. */
export const wholeHandshake: FusedEvents = {
  name: 'WholeHandshake',
  says: 'A handshake from its proposal to both settlements, all of what was proposed accepted and confirmed: five events, recorded in one call.',
  events: [
    ['ProposalMade', { intentionId: 'initiatorId', revision: 'initiatorRevision', counterpartyId: 'responderId' }],
    ['ProposalAccepted', { intentionId: 'responderId', revision: 'responderRevision' }],
    ['DealConfirmed', { revision: 0 }],
    ['DealSettled', { intentionId: 'initiatorId', revision: { after: 'initiatorRevision' }, outcome: 0 }],
    ['DealSettled', { intentionId: 'responderId', revision: { after: 'responderRevision' }, outcome: 0 }],
  ],
};
