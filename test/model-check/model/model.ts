import { Side } from '../../../src/domain/terms.js';
import { IDS_PER_SHARD, shardOf } from '../../../src/domain/ids.js';
import type { Event } from '../../../src/events/event.js';
import type { ShardMessage } from '../../../src/domain/handshake/shard-message.js';
import { MessageKind } from '../../../src/domain/negotiators/mailbox.js';

/** An intention of a model, in ticks and lots. */
export interface Posting {
  readonly id: number;
  /** As a trace names it. */
  readonly name: string;
  readonly participant: string;
  readonly side: number;
  readonly priceTicks: number;
  readonly lots: number;
}

/** The clock of every process as it starts. */
export const OPENING_MS = 1_700_000_000_000;

/** A switch falls due before any deadline of a handshake does, so it may lapse at any step of one. */
const SWITCH_LAPSES_MS = OPENING_MS + 200;

/** One shard with a process of its own. */
export interface Place {
  readonly shard: number;
  readonly posted: readonly Posting[];
  /** Posted while the model runs, as commands of clients. */
  readonly arriving: readonly Posting[];
  /** Whose switches are set. */
  readonly switches?: readonly string[];
  /** How many lots participants may have open. */
  readonly mostOpen?: Readonly<Record<string, number>>;
}

/** What may happen besides loss, doubling and reordering of messages, which are unlimited. */
export interface Limits {
  /** Crashes of a process, over the whole model. */
  readonly crashes: number;
  /** Times that a successor takes over while the old process only sleeps. */
  readonly stalls: number;
  /** Proposals that one initiator may make. */
  readonly proposals: number;
  /** Whether at a crash a decision may still land, after the first one, of a writer that was fenced too late. */
  readonly lateDecisions: boolean;
}

export interface Model {
  readonly name: string;
  readonly what: string;
  readonly places: readonly Place[];
  /** The board's hints: who receives an announcement of whom. */
  readonly announcements: readonly ShardMessage[];
  readonly limits: Limits;
  /** For a short dose. */
  readonly quick: Limits;
  /** What must have been seen, or the pass is an empty one. */
  readonly sometimes: readonly Sometimes[];
}

export type Sometimes = (typeof sometimes)[number] | (typeof guardedOnly)[number];

/** Only where there are switches and limits. */
export const guardedOnly = ['a switch that lapsed amid a handshake', 'a post refused by a limit'] as const;

export const sometimes = [
  'a deal of all that was wanted',
  'a partial fill',
  'a proposal declined',
  'an abort won by the initiator',
  'an abort won by the responder',
  'a doubt that ended in a fill',
  'a doubt that ended in an abort',
  'a doubt held through a crash',
  'a proposal repeated after a restart',
  'a copy of a proposal answered by the same acceptance',
  'a ledger that was silent when it was read',
  'an acceptance that came too late',
  'an append of unknown outcome that was stored',
  'an append of unknown outcome that was lost',
  'a batch of which only a part was stored',
  'an old writer fenced with a batch in its hand',
  'a late decision ignored',
  ...guardedOnly,
] as const;

export function announcement(standing: Posting, arriving: Posting): ShardMessage {
  const { priceTicks } = standing;
  const { id: fromId, lots } = arriving;
  return {
    kind: MessageKind.Announcement,
    toId: standing.id,
    fromId,
    dealNumber: 0,
    priceTicks,
    lots,
    participant: '',
    instrument: 'ACME',
    side: arriving.side,
  };
}

/** The events of a shard up to the moment at which the model begins. */
export function opening(place: Place): Event[] {
  const { posted, arriving } = place;
  const listed = {
    symbol: 'ACME',
    priceDecimals: 0,
    tickSize: 1,
    quantityDecimals: 0,
    lotSize: 1,
    minPriceTicks: 1,
    maxPriceTicks: 1_000,
    priceRule: 'standing',
    selfTrade: 'allow',
    atMs: 0,
  } as const;
  const names = [...new Set([...posted, ...arriving].map(({ participant }) => participant))];
  return [
    { type: 'InstrumentListed', version: 1, revision: 0, instrumentId: 1, ...listed },
    ...names.map((name, index): Event => {
      const participantId = index + 1;
      return { type: 'ParticipantAdmitted', version: 1, revision: participantId, participantId, name, atMs: 0 };
    }),
    ...guardsOf(place, names),
    ...posted.map(({ id, participant, side, priceTicks, lots }): Event => ({
      type: 'IntentionPosted',
      version: 1,
      intentionId: id,
      revision: 0,
      clientIntentionId: `c-${id}`,
      participantId: names.indexOf(participant) + 1,
      instrumentId: 1,
      side: side === Side.Buy ? 'buy' : 'sell',
      pricing: 'limit',
      priceTicks,
      quantityLots: lots,
      timeInForce: 'gtc',
      postOnly: false,
      expiresAtMs: 0,
      atMs: 0,
    })),
  ];
}

function guardsOf({ switches = [], mostOpen = {} }: Place, names: readonly string[]): Event[] {
  const common = { version: 1, revision: 0, atMs: 0 } as const;
  const none = { netPosition: '', intentionsPerSecond: 0, halted: false, withdraws: false };
  return [
    ...switches.map((name): Event => {
      const participantId = names.indexOf(name) + 1;
      return {
        ...{ type: 'SwitchSet', ...common, participantId, withinMs: SWITCH_LAPSES_MS, lapsesAtMs: SWITCH_LAPSES_MS },
      };
    }),
    ...Object.entries(mostOpen).map(([name, lots]): Event => {
      const participantId = names.indexOf(name) + 1;
      return { type: 'LimitsSet', ...common, ...none, participantId, instrumentId: 0, openQuantity: String(lots) };
    }),
  ];
}

export function intention(
  shard: number,
  ordinal: number,
  name: string,
  side: number,
  priceTicks: number,
  lots: number,
): Posting {
  return { id: shard * IDS_PER_SHARD + ordinal, name, participant: name, side, priceTicks, lots };
}

/** How many proposals the receiver of an announcement may still make, having made these. Other messages are not limited. */
export function announcementsLeft({ limits }: Model, message: ShardMessage, proposed: Iterable<string>): number {
  if (message.kind !== MessageKind.Announcement) return 1;
  let made = 0;
  for (const deal of proposed) if (deal.startsWith(`${message.toId}-`)) made++;
  return limits.proposals - made;
}

/** The index of the shard of a model in which an intention stands. */
export function placeOf({ places }: Model, intentionId: number): number {
  return places.findIndex(({ shard }) => shard === shardOf(intentionId));
}
