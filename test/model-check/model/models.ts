/** The models that are checked. They are small, and checked whole: nearly every fault of a protocol shows with two or three parties. */
import { Side } from '../../../src/domain/terms.js';
import {
  announcement,
  guardedOnly,
  intention,
  type Limits,
  type Place,
  type Posting,
  type Sometimes,
  sometimes,
  type Model,
} from './model.js';

function limits(crashes: number, stalls: number, proposals: number, lateDecisions = false): Limits {
  return { crashes, stalls, proposals, lateDecisions };
}

/** Everybody in a shard of their own. */
function apart(...postings: readonly Posting[]): Place[] {
  return postings.map((posting, shard) => ({ shard, posted: [posting], arriving: [] }));
}

function all(...but: readonly Sometimes[]): Sometimes[] {
  const rare: readonly Sometimes[] = [...but, ...guardedOnly];
  return sometimes.filter((one) => !rare.includes(one));
}

/** Each of those who stand hears of each who arrives. */
function announced(standing: readonly Posting[], arriving: readonly Posting[]): Model['announcements'] {
  return standing.flatMap((one) => arriving.map((other) => announcement(one, other)));
}

const seller = intention(0, 1, 'seller', Side.Sell, 10, 3);
const buyer = intention(1, 1, 'buyer', Side.Buy, 11, 3);
const lesser = intention(1, 1, 'buyer', Side.Buy, 10, 2);
const second = intention(2, 1, 'second', Side.Buy, 12, 2);
const standingBuyer = intention(0, 1, 'buyer', Side.Buy, 11, 2);
const secondStanding = intention(1, 1, 'second', Side.Buy, 12, 2);
const arrivingSeller = intention(2, 1, 'seller', Side.Sell, 10, 3);

/** Two sellers with five lots, two buyers who want four, and every pair may deal. */
const four = [
  intention(0, 1, 'first seller', Side.Sell, 10, 3),
  intention(1, 1, 'second seller', Side.Sell, 10, 2),
  intention(2, 1, 'first buyer', Side.Buy, 10, 2),
  intention(3, 1, 'second buyer', Side.Buy, 11, 2),
] as const;

const moreSeller = intention(1, 1, 'seller', Side.Sell, 10, 3);
const sameSide = intention(1, 1, 'second', Side.Sell, 9, 3);
const tooLow = intention(1, 1, 'buyer', Side.Buy, 9, 3);

const noSleeper: readonly Sometimes[] = ['an old writer fenced with a batch in its hand'];
const noLate: readonly Sometimes[] = ['a late decision ignored'];

const paired = [intention(0, 1, 'first seller', Side.Sell, 10, 2), intention(0, 2, 'second seller', Side.Sell, 9, 2)];

const turned = [
  intention(0, 1, 'first buyer', Side.Buy, 11, 3),
  intention(1, 1, 'second buyer', Side.Buy, 11, 2),
  intention(2, 1, 'first seller', Side.Sell, 10, 2),
  intention(3, 1, 'second seller', Side.Sell, 11, 2),
] as const;

/** One participant, who may have two lots open: the first deals, the second stands, and the third is one too many. */
const limited = [
  { ...intention(0, 2, 'first', Side.Buy, 11, 2), participant: 'buyer' },
  { ...intention(0, 3, 'second', Side.Buy, 9, 2), participant: 'buyer' },
  { ...intention(0, 4, 'third', Side.Buy, 11, 1), participant: 'buyer' },
] as const;

const posted = intention(0, 2, 'buyer', Side.Buy, 11, 2);
const postedSecond = intention(0, 3, 'second', Side.Buy, 10, 2);

/** What only processes of their own can do to each other. */
const apartOnly: readonly Sometimes[] = [
  'a proposal declined',
  'an abort won by the initiator',
  'an abort won by the responder',
  'a doubt that ended in an abort',
  'a copy of a proposal answered by the same acceptance',
  'a ledger that was silent when it was read',
  'an acceptance that came too late',
  'a proposal repeated after a restart',
];

export const models: readonly Model[] = [
  {
    name: '1x1 sell',
    what: 'a standing seller, an arriving buyer',
    places: apart(seller, buyer),
    announcements: announced([seller], [buyer]),
    limits: limits(2, 1, 2),
    quick: limits(1, 1, 1),
    sometimes: all('a partial fill', ...noLate),
  },
  {
    name: '1x1 buy',
    what: 'a standing buyer, an arriving seller who has more',
    places: apart(standingBuyer, moreSeller),
    announcements: announced([standingBuyer], [moreSeller]),
    limits: limits(2, 0, 2),
    quick: limits(1, 1, 1),
    sometimes: all('a partial fill', 'a proposal declined', ...noLate, ...noSleeper),
  },
  {
    name: '1x1 late',
    what: 'a seller, a buyer who wants less, and a writer that is fenced too late and decides once more',
    places: apart(seller, lesser),
    announcements: announced([seller], [lesser]),
    limits: limits(3, 0, 2, true),
    quick: limits(2, 0, 1, true),
    sometimes: all('a deal of all that was wanted', ...noSleeper),
  },
  {
    name: '1x1 misled',
    what: 'a board that announces what does not cross',
    places: apart(seller, tooLow),
    announcements: announced([seller], [tooLow]),
    limits: limits(1, 1, 2),
    quick: limits(1, 0, 1),
    sometimes: ['a proposal declined', 'an abort won by the initiator'],
  },
  {
    name: '1x1 confused',
    what: 'a board that tells one seller of another, and of a buyer who is none',
    places: apart(seller, sameSide),
    announcements: [announcement(seller, sameSide), announcement(seller, { ...sameSide, side: Side.Buy })],
    limits: limits(1, 1, 2),
    quick: limits(1, 0, 1),
    sometimes: ['a proposal declined', 'an abort won by the initiator'],
  },
  {
    name: '1x1 within',
    what: 'a standing seller and an arriving buyer in one shard',
    places: [{ shard: 0, posted: [seller], arriving: [posted] }],
    announcements: [],
    limits: limits(3, 1, 3),
    quick: limits(2, 1, 3),
    sometimes: all('a deal of all that was wanted', ...apartOnly, ...noLate),
  },
  {
    name: '1x2 within',
    what: 'a standing seller and two arriving buyers in one shard',
    places: [{ shard: 0, posted: [seller], arriving: [posted, postedSecond] }],
    announcements: [],
    limits: limits(3, 1, 5),
    quick: limits(2, 1, 5),
    sometimes: all('a deal of all that was wanted', ...apartOnly, ...noLate),
  },
  {
    name: '1x2 beside',
    what: 'a standing seller, an arriving buyer in the same shard, and one in another',
    places: [
      { shard: 0, posted: [seller], arriving: [{ ...posted, name: 'neighbour', participant: 'neighbour', lots: 1 }] },
      { shard: 1, posted: [lesser], arriving: [] },
    ],
    announcements: announced([seller], [lesser]),
    limits: limits(1, 0, 1),
    quick: limits(0, 0, 1),
    sometimes: all('a deal of all that was wanted', 'a proposal declined', ...noLate, ...noSleeper),
  },
  {
    name: '1x1 switch',
    what: 'a standing seller whose switch may lapse at any moment, an arriving buyer',
    places: apart(seller, buyer).map((place) => (place.shard === 0 ? { ...place, switches: ['seller'] } : place)),
    announcements: announced([seller], [buyer]),
    limits: limits(2, 0, 1),
    quick: limits(1, 0, 1),
    sometimes: all('a partial fill', 'a proposal declined', ...noLate, ...noSleeper).concat(
      'a switch that lapsed amid a handshake',
    ),
  },
  {
    name: '1x3 limit',
    what: 'three orders of one buyer, who may not have more open than two of them',
    places: [{ shard: 0, posted: [seller], arriving: limited, mostOpen: { buyer: 2 } }],
    announcements: [],
    limits: limits(2, 1, 3),
    quick: limits(1, 1, 3),
    sometimes: ['a partial fill', 'a batch of which only a part was stored', 'a post refused by a limit'],
  },
  {
    name: '1x2 sell',
    what: 'a standing seller, two arriving buyers who want more than there is',
    places: apart(seller, lesser, second),
    announcements: announced([seller], [lesser, second]),
    limits: limits(1, 0, 2),
    quick: limits(0, 0, 2),
    sometimes: all('a deal of all that was wanted', ...noLate, ...noSleeper),
  },
  {
    name: '1x2 buy',
    what: 'two standing buyers who want more than the arriving seller has',
    places: apart(standingBuyer, secondStanding, arrivingSeller),
    announcements: announced([standingBuyer, secondStanding], [arrivingSeller]),
    limits: limits(1, 0, 1),
    quick: limits(0, 0, 1),
    sometimes: all('a proposal declined', ...noLate, ...noSleeper),
  },
  {
    name: '2x2',
    what: 'two standing sellers, two arriving buyers, every pair may deal in part',
    places: apart(...four),
    announcements: announced(four.slice(0, 2), four.slice(2)),
    limits: limits(1, 0, 1),
    quick: limits(0, 0, 1),
    sometimes: all('a proposal declined', ...noLate, ...noSleeper),
  },
  {
    name: '2x2 buy',
    what: 'two standing buyers, two arriving sellers, every pair may deal in part',
    places: apart(...turned),
    announcements: announced(turned.slice(0, 2), turned.slice(2)),
    limits: limits(1, 0, 1),
    quick: limits(0, 0, 1),
    sometimes: all('a proposal declined', ...noLate, ...noSleeper),
  },
  {
    name: '2x1 paired',
    what: 'two sellers who share a shard, and a buyer in another shard who wants more than either has',
    places: [
      { shard: 0, posted: paired, arriving: [] },
      { shard: 1, posted: [intention(1, 1, 'buyer', Side.Buy, 10, 3)], arriving: [] },
    ],
    announcements: announced(paired, [intention(1, 1, 'buyer', Side.Buy, 10, 3)]),
    limits: limits(1, 0, 1),
    quick: limits(0, 0, 1),
    sometimes: [
      'a partial fill',
      'an abort won by the initiator',
      'an abort won by the responder',
      'a doubt that ended in a fill',
      'a doubt that ended in an abort',
      'an acceptance that came too late',
    ],
  },
];
