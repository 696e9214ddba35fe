import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WholeHandshake } from '../../../src/domain/journal.generated.js';
import { Outcome } from '../../../src/domain/terms.js';
import { catalogue } from '../../../src/events/catalogue.js';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import { generateCodec } from '../../../src/events/codegen/codec.js';
import { wholeHandshake } from '../../../src/events/whole-handshake.js';
import { runs } from '../../support/property/runs.js';

/** Of every length in bytes alike, those of shards other than 0 among them. */
const integer = fc.tuple(fc.integer({ min: 1, max: 53 }), fc.maxSafeNat()).map(([bits, drawn]) => drawn % 2 ** bits);
const revision = integer.map((drawn) => Math.min(drawn, Number.MAX_SAFE_INTEGER - 1)); // the next one follows

const handshakes: fc.Arbitrary<WholeHandshake> = fc.record({
  ...{ initiatorId: integer, responderId: integer, initiatorRevision: revision, responderRevision: revision },
  ...{ dealNumber: integer, priceTicks: integer, quantityLots: integer, instrumentId: integer },
  ...{ initiatorParticipantId: integer, responderParticipantId: integer, initiatorSide: fc.nat(1) },
});

/** The same, event by event. */
function recordEach(encoder: EventEncoder, record: WholeHandshake): void {
  const { initiatorId, responderId, initiatorRevision, responderRevision, ...rest } = record;
  const { dealNumber, priceTicks, quantityLots } = rest;
  const deal = { dealNumber, priceTicks, quantityLots };
  const initiator = { intentionId: initiatorId, revision: initiatorRevision };
  const responder = { intentionId: responderId, revision: responderRevision };
  encoder.proposalMade({ ...deal, ...initiator, counterpartyId: responderId });
  encoder.proposalAccepted({ ...deal, ...responder, initiatorId });
  encoder.dealConfirmed({ ...rest, initiatorId, responderId, revision: 0 });
  const settled = { ...deal, initiatorId, outcome: Outcome.Confirmed };
  encoder.dealSettled({ ...settled, ...initiator, revision: initiatorRevision + 1 });
  encoder.dealSettled({ ...settled, ...responder, revision: responderRevision + 1 });
}

describe('a whole handshake in one call', () => {
  it('A whole handshake in one call has the bytes that its five events have, whatever their numbers, and wherever the buffer ends', () => {
    fc.assert(
      fc.property(handshakes, fc.nat(600), fc.nat(8), (record, capacity, start) => {
        const [whole, each] = [new EventEncoder(capacity + start, start), new EventEncoder(capacity + start, start)];
        whole.wholeHandshake(record);
        recordEach(each, record);
        const written = ({ bytes, at, count }: EventEncoder): unknown => [
          count,
          Buffer.from(bytes.subarray(start, at)).toString('hex'),
        ];
        expect(written(whole)).toEqual(written(each));
      }),
      runs(500),
    );
  });

  it('A whole handshake in one call leaves no part of itself where a number of it cannot be counted', () => {
    const encoder = new EventEncoder(0);
    const [record] = fc.sample(handshakes, 1) as [WholeHandshake]; // one was asked for
    expect(() => encoder.wholeHandshake({ ...record, instrumentId: 2 ** 53 })).toThrow(RangeError);
    expect([encoder.at, encoder.count]).toEqual([0, 0]);
  });

  it('A whole handshake in one call is made of events and fields that the catalogue has', () => {
    const { name, says } = wholeHandshake;
    const made = (type: string, from: Record<string, string>) => () =>
      generateCodec(catalogue, [{ name, says, events: [[type, from]] }]);
    expect(made('ProposalLost', {})).toThrow('WholeHandshake is made of ProposalLost, which has no current version');
    expect(made('ProposalMade', { weight: 'x' })).toThrow(
      'WholeHandshake writes ProposalMade.weight, which there is not',
    );
    expect(made('IntentionPosted', {})).toThrow('no fused event has a text');
  });
});
