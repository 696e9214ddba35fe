import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../../../src/client/types.js';
import { catalogue } from '../../../../../src/events/catalogue.js';
import { LogNames } from '../../../../../src/web/log/telling/names.js';
import { plain } from '../../../../../src/web/log/telling/parts-of-sentences.js';
import { eventTypes, intentionsOf, sentenceOf, typesByStream } from '../../../../../src/web/log/telling/sentences.js';
import { admitted, event, eventBy, listed, posted } from '../events.js';

function namesOf(...events: readonly RecordedEvent[]): LogNames {
  const names = new LogNames();
  for (const each of events) names.take(each);
  return names;
}

const market = namesOf(admitted(1, 'alice'), admitted(2, 'bob'), listed(1, 'ACME'), posted(7, 1), posted(9, 2));

function told(type: string, fields: Parameters<typeof event>[1]): string {
  return plain(sentenceOf(event(type, fields), market));
}

describe('the sentence about an event', () => {
  it('The sentence about an event is there for every type of the catalogue, in its stream', () => {
    expect([...eventTypes].sort()).toEqual([...new Set(catalogue.map(({ type }) => type))].sort());
    for (const { type, stream } of catalogue) expect(typesByStream[stream]).toContain(type);
  });

  it.each(catalogue)(
    'The sentence about an event is whole for each value that a field of $type, version $version, can have',
    (schema) => {
      for (const [name, kind] of Object.entries(schema.fields)) {
        for (const value of typeof kind === 'string' ? [undefined] : kind) {
          const text = plain(sentenceOf(eventBy(schema, value === undefined ? {} : { [name]: value }), market));
          expect(text).not.toMatch(/undefined|NaN|\[object/);
          expect(text.length).toBeGreaterThan(5);
        }
      }
    },
  );

  it('The sentence about an event has names, and prices and quantities in the steps of the instrument', () => {
    expect(plain(sentenceOf(posted(7, 1), market))).toBe('7 (alice) would buy 40 ACME at 10.25, until withdrawn');
    const proposal = { intentionId: 7, counterpartyId: 9, dealNumber: 2, priceTicks: 205, quantityLots: 3 };
    expect(told('ProposalMade', proposal)).toBe('7 (alice) proposes to 9 (bob): 30 at 10.25, deal 7-2');
  });

  it('The sentence about a deal says who buys and who sells, whichever side proposed', () => {
    const deal = {
      initiatorId: 7,
      dealNumber: 2,
      responderId: 9,
      initiatorParticipantId: 1,
      responderParticipantId: 2,
    };
    const terms = { ...deal, priceTicks: 205, quantityLots: 3 };
    expect(told('DealConfirmed', { ...terms, initiatorSide: 'buy' })).toBe(
      'alice buys 30 ACME from bob at 10.25, deal 7-2',
    );
    expect(told('DealConfirmed', { ...terms, initiatorSide: 'sell' })).toBe(
      'bob buys 30 ACME from alice at 10.25, deal 7-2',
    );
  });

  it('The sentence about an event has the log’s own numbers where names and steps are not known', () => {
    const text = plain(sentenceOf(posted(7, 1), new LogNames()));
    expect(text).toBe('7 (participant 1) would buy 4 lots instrument 1 at 205 ticks, until withdrawn');
  });

  it('The sentence about a settlement that filled nothing says why', () => {
    const settled = { intentionId: 9, initiatorId: 7, dealNumber: 2, outcome: 'aborted', quantityLots: 0 };
    expect(told('DealSettled', settled)).toBe('9 (bob) frees what it held for deal 7-2, which came to nothing');
  });

  it('The sentence about limits names those that there are, and says where there is none', () => {
    const none = { openQuantity: '', netPosition: '', intentionsPerSecond: 0, instrumentId: 0 };
    expect(told('LimitsSet', none)).toBe('Limits of alice in every instrument: none');
    expect(told('LimitsSet', { ...none, instrumentId: 1, openQuantity: '50', halted: true })).toBe(
      'Limits of alice in ACME: halted, at most 50 open',
    );
  });

  it('The sentence about an event admits that a type is not known, such as one of a later version', () => {
    const unknown = { position: 3, stream: 'shard-0', type: 'MoonRisen', version: 1 };
    expect(plain(sentenceOf(unknown, market))).toBe('This page does not know what events of this type say');
  });
});

describe('the intentions that an event is about', () => {
  it('The intentions that an event is about are all that it names, its own first', () => {
    expect(intentionsOf(event('ProposalMade', { intentionId: 7, counterpartyId: 9 }))).toEqual([7, 9]);
    expect(intentionsOf(event('DealConfirmed', { initiatorId: 7, responderId: 9 }))).toEqual([7, 9]);
    expect(intentionsOf(event('DealSettled', { intentionId: 7, initiatorId: 7 }))).toEqual([7]);
    expect(intentionsOf(event('BatchSealed'))).toEqual([]);
  });
});

describe('names in the log', () => {
  it('Names of participants and instruments are learned from an intention that was looked up', () => {
    const names = namesOf(posted(7, 3, { instrumentId: 5 }));
    expect(names.isKnown(7)).toBe(false);
    names.learnInstruments([
      {
        ...{ symbol: 'ACME', tickSize: '0.05', lotSize: '10', minPrice: '0.05', maxPrice: '50' },
        ...{ priceRule: 'standing', selfTrade: 'allow', counterparties: 'shown', phase: 'continuous' },
      },
    ]);
    names.learnIntention(7, { participant: 'carol', instrument: 'ACME', side: 'buy' });
    expect(names.isKnown(7)).toBe(true);
    expect(names.participant(3)).toBe('carol');
    expect(names.instrument(5)).toMatchObject({ symbol: 'ACME', priceDecimals: 2, tickSize: 5, lotSize: 10 });
  });

  it('Names are learned too when the post is seen after its intention was looked up', () => {
    const names = new LogNames();
    names.learnIntention(7, { participant: 'carol', instrument: 'ACME', side: 'buy' });
    names.take(posted(7, 3));
    expect(names.participant(3)).toBe('carol');
  });

  it('Names of a deal’s sides are known where their posts were not seen', () => {
    const names = namesOf(admitted(1, 'alice'), admitted(2, 'bob'), listed(1, 'ACME'));
    const sides = { initiatorParticipantId: 1, responderParticipantId: 2, instrumentId: 1 };
    names.take(event('DealConfirmed', { initiatorId: 20, responderId: 21, ...sides }));
    expect([names.participantOf(20), names.participantOf(21)]).toEqual(['alice', 'bob']);
    expect(names.sideOf(21)).toBe('sell');
  });
});
