import { describe, expect, it } from 'vitest';
import { eventFromJson, InvalidEventError } from '../../../src/events/event.js';

const expired = { type: 'IntentionExpired', version: 1, intentionId: 7, revision: 3, atMs: 1_700_000_000_000 };
const sealed = { type: 'BatchSealed', version: 1, revision: 3, digest: 'ab'.repeat(32) };
const admitted = { type: 'ParticipantAdmitted', version: 1, revision: 1, participantId: 1, name: 'alice', atMs: 1 };
const posted = {
  type: 'IntentionPosted',
  version: 1,
  intentionId: 1,
  revision: 0,
  clientIntentionId: 'a-1',
  participantId: 1,
  instrumentId: 1,
  side: 'buy',
  pricing: 'limit',
  priceTicks: 1,
  quantityLots: 1,
  timeInForce: 'gtc',
  postOnly: false,
  expiresAtMs: 0,
  atMs: 1,
};

describe('JSON from outside', () => {
  it.each([expired, sealed, admitted, posted])(
    'JSON from outside that is an event of the catalogue is taken: $type',
    (event) => {
      expect(eventFromJson(event)).toEqual(event);
    },
  );

  it.each([
    ['nothing', null],
    ['a number', 5],
    ['a string', 'IntentionExpired'],
    ['a list', [expired]],
    ['an empty object', {}],
    ['no type', { ...expired, type: undefined }],
    ['an unknown type', { ...expired, type: 'IntentionVanished' }],
    ['a type that every object has', { ...expired, type: 'constructor' }],
    ['an unknown version', { ...expired, version: 9 }],
    ['a version that is no number', { ...expired, version: '1' }],
    ['a field missing', { ...expired, atMs: undefined }],
    ['a field too many', { ...expired, reason: 'requested' }],
    ['a field too many that every object has', { ...expired, toString: 5 }],
    [
      'a prototype',
      JSON.parse('{"type":"IntentionExpired","version":1,"intentionId":7,"revision":3,"atMs":1,"__proto__":{}}'),
    ],
    ['a field that only its prototype has', Object.assign(Object.create({ atMs: 1 }), { ...expired, atMs: undefined })],
    ['a negative integer', { ...expired, revision: -1 }],
    ['a fraction', { ...expired, revision: 1.5 }],
    ['an integer that cannot be counted', { ...expired, atMs: 2 ** 53 }],
    ['an integer as a string', { ...expired, atMs: '5' }],
    ['an integer that is a bigint', { ...expired, atMs: 5n }],
    ['a text that is a number', { ...admitted, name: 5 }],
    ['a text with half a character', { ...admitted, name: 'a\ud800' }],
    ['a flag that is a number', { ...posted, postOnly: 1 }],
    ['a choice that there is not', { ...posted, side: 'both' }],
    ['a choice by its number', { ...posted, side: 0 }],
    ['a choice that every list has', { ...posted, side: 'length' }],
    ['a digest in capitals', { ...sealed, digest: 'AB'.repeat(32) }],
    ['a digest too short', { ...sealed, digest: 'ab'.repeat(31) }],
    ['a digest that is none', { ...sealed, digest: 'xy'.repeat(32) }],
  ])('JSON from outside with %s is refused', (_what, value) => {
    expect(() => eventFromJson(value)).toThrow(InvalidEventError);
  });
});
