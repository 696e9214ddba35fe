import { type LookUp, answerLookUp, receiveRemote } from '../../../src/domain/handshake/remote-messages.js';
import { IDS_PER_SHARD } from '../../../src/domain/ids.js';
import { MessageKind } from '../../../src/domain/negotiators/mailbox.js';
import { Outcome, Phase, Pricing, PriceRule, SelfTrade, Side, TimeInForce } from '../../../src/domain/terms.js';
import type { Random } from '../random.js';
import { plainTerms } from '../reference/engine-harness.js';
import { limitPost } from '../reference/limit-post.js';
import type { EngineTwin, Sent } from './engine-twin.js';

/** A command that means the same to each twin. */
export type TwinCommand = (twin: EngineTwin, atMs: number) => unknown;

const symbols = ['ACME', 'BOLT', 'CORN'] as const;
const participants = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace'] as const;
const TICKS = 9;
/** Whoever lives in the other shard. */
const STRANGERS = 9 * IDS_PER_SHARD;

const timesOfMarket = [TimeInForce.Ioc, TimeInForce.Ioc, TimeInForce.Fok];
const timesOfLimit = [
  ...Array<TimeInForce>(5).fill(TimeInForce.Gtc),
  TimeInForce.Gtd,
  TimeInForce.Ioc,
  TimeInForce.Fok,
];

const weights = {
  ...{ post: 60, market: 6, amend: 9, reduce: 5, withdraw: 6, wait: 5 },
  ...{ list: 1, phase: 3, uncross: 2, limits: 2, noLimits: 2, switch: 1 },
  ...{ announced: 0, proposed: 0, answered: 0, inquired: 0 },
};
const withStrangers = { ...weights, announced: 4, proposed: 4, answered: 8, inquired: 1 };

/** How an instrument is listed at first, and when it is listed again. */
export function listing(random: Random): TwinCommand {
  const terms = {
    ...plainTerms,
    symbol: random.pick(symbols),
    maxPriceTicks: random.between(TICKS - 1, TICKS + 1),
    priceRule: random.pick([PriceRule.Standing, PriceRule.Seller, PriceRule.Midpoint]),
    selfTrade: random.pick([SelfTrade.Allow, SelfTrade.Allow, SelfTrade.RefuseArriving, SelfTrade.WithdrawStanding]),
    counterparties: random.below(2),
  };
  return ({ engine }, atMs) => engine.list(terms, atMs);
}

/** A command as this chance has it. `sent`: what has left for other shards lately; undefined where there are none. */
export function drawCommand(random: Random, sent: readonly Sent[] | undefined): TwinCommand {
  const which = random.below(1_000);
  const instrument = random.fraction();
  const clientCommandId = random.chance(0.3) ? `k-${which}` : '';
  switch (random.weighted(sent === undefined ? weights : withStrangers)) {
    case 'post':
      return posting(random, Pricing.Limit);
    case 'market':
      return posting(random, Pricing.Market);
    case 'amend': {
      const priceTicks = random.chance(0.7) ? random.between(1, TICKS) : undefined;
      const terms = { priceTicks, openLots: random.chance(0.7) ? random.between(1, 12) : undefined };
      return about(which, ({ engine }, row, atMs) => engine.change(row, terms, atMs, clientCommandId));
    }
    case 'reduce': {
      const byLots = random.between(1, 6);
      return about(which, ({ engine }, row, atMs) => engine.reduce(row, byLots, atMs, clientCommandId));
    }
    case 'withdraw':
      return about(which, ({ engine }, row, atMs) => engine.withdraw(row, atMs));
    case 'wait': {
      const byMs = random.between(1, 60);
      return (twin) => (twin.nowMs += byMs);
    }
    case 'list':
      return listing(random);
    case 'phase': {
      const phase = random.chance(0.7) ? Phase.Continuous : Phase.Call;
      return ({ engine, market }, atMs) => engine.changePhase(instrumentOf(market, instrument), phase, atMs);
    }
    case 'uncross':
      return ({ engine, market }, atMs) => engine.uncross(instrumentOf(market, instrument), atMs);
    case 'limits':
      return limiting(random);
    case 'noLimits': {
      const participant = random.pick(participants);
      return ({ engine }, atMs) => engine.risk.setLimits(participant, 0, {}, atMs);
    }
    case 'switch': {
      const participant = random.pick(participants);
      const withinMs = random.pick([0, 1_000]);
      return ({ engine }, atMs) => engine.risk.setSwitch(participant, withinMs, atMs);
    }
    case 'announced':
      return fromStranger(random, MessageKind.Announcement, which);
    case 'proposed':
      return fromStranger(random, MessageKind.Proposal, which);
    case 'answered':
      return answering(random, sent ?? []);
    case 'inquired':
      return fromStranger(random, MessageKind.Inquiry, which);
  }
}

function instrumentOf({ instruments }: EngineTwin['market'], fraction: number) {
  return instruments[Math.floor(fraction * instruments.length)] ?? fail();
}

function fail(): never {
  throw new Error('nothing is listed');
}

function posting(random: Random, pricing: Pricing): TwinCommand {
  const isMarket = pricing === Pricing.Market;
  const timeInForce = random.pick(isMarket ? timesOfMarket : timesOfLimit);
  const participant = random.pick(participants);
  const livesMs = random.between(1, 200);
  const instrument = random.fraction();
  const terms = {
    ...{ participant, pricing, timeInForce, side: random.below(2), quantityLots: random.between(1, 12) },
    priceTicks: isMarket ? 0 : random.between(1, TICKS),
    postOnly: timeInForce !== TimeInForce.Ioc && timeInForce !== TimeInForce.Fok && random.chance(0.1),
  };
  return ({ engine, market }, atMs) => {
    const { instrumentId } = instrumentOf(market, instrument);
    const clientIntentionId = `c-${market.intentionsPosted}`;
    const expiresAtMs = timeInForce === TimeInForce.Gtd ? atMs + livesMs : 0;
    const who = market.participantIds.get(participant) ?? market.participants.length;
    return engine.post(limitPost({ ...terms, clientIntentionId, instrumentId, expiresAtMs }), who, atMs);
  };
}

type AboutRow = (twin: EngineTwin, row: number, atMs: number) => unknown;

/** About one of those that are open, if there is any. */
function about(which: number, command: AboutRow): TwinCommand {
  return (twin, atMs) => {
    const row = rowOf(twin, which);
    return row === undefined ? undefined : command(twin, row, atMs);
  };
}

function rowOf({ market: { negotiators } }: EngineTwin, which: number): number | undefined {
  const rows: number[] = [];
  negotiators.forEachRow((row) => rows.push(row));
  return rows[which % Math.max(1, rows.length)];
}

function limiting(random: Random): TwinCommand {
  const participant = random.pick(participants);
  const instrument = random.fraction();
  const isAll = random.chance(0.5);
  const terms = {
    openQuantity: random.chance(0.5) ? String(random.between(5, 40) * 10) : undefined,
    netPosition: random.chance(0.5) ? String(random.between(5, 40) * 10) : undefined,
    intentionsPerSecond: random.chance(0.2) ? random.between(1, 20) : undefined,
    halted: random.chance(0.1),
    withdraw: random.chance(0.1),
  };
  return ({ engine, market }, atMs) =>
    engine.risk.setLimits(participant, isAll ? 0 : instrumentOf(market, instrument).instrumentId, terms, atMs);
}

/** A message out of the blue, from somebody of another shard to somebody here. */
function fromStranger(random: Random, kind: MessageKind, which: number): TwinCommand {
  const said = {
    ...{ kind, fromId: STRANGERS + random.below(5), dealNumber: random.between(1, 30) },
    ...{ priceTicks: random.between(1, TICKS), lots: random.between(1, 12), participant: 'zoe' },
  };
  return about(which, (twin, row, atMs) => {
    const { negotiators } = twin.market;
    const instrument = twin.market.instrument(negotiators.instrumentId(row)).symbol;
    const side = negotiators.side(row) === Side.Buy ? Side.Sell : Side.Buy;
    receiveRemote(twin.turns, { ...said, toId: negotiators.id(row), instrument, side }, atMs);
  });
}

/** What another shard says to something that was sent there: it accepts or declines a proposal, decides on an acceptance. */
function answering(random: Random, sent: readonly Sent[]): TwinCommand {
  const about = sent[random.below(Math.max(1, sent.length))];
  const isFor = random.chance(0.7);
  const lots = random.fraction();
  return (twin, atMs) => {
    if (about === undefined) return;
    if ('lookUp' in about) {
      const [responderId = 0, initiatorId = 0, dealNumber = 0] = about.lookUp;
      lookedUp(twin, { responderId, initiatorId, dealNumber }, lots);
      return;
    }
    const { fromId, toId, dealNumber, kind, priceTicks } = about;
    const back = { toId: fromId, fromId: toId, dealNumber, priceTicks, participant: 'zoe', instrument: '', side: 0 };
    const asked = kind === MessageKind.Proposal ? Math.ceil(lots * about.lots) : about.lots;
    const kinds =
      kind === MessageKind.Proposal
        ? [MessageKind.Decline, MessageKind.Acceptance]
        : [MessageKind.Abort, MessageKind.Confirmation];
    receiveRemote(twin.turns, { ...back, lots: asked, kind: kinds[isFor ? 1 : 0] ?? MessageKind.Decline }, atMs);
  };
}

/** The other log confirms what was accepted, says that it is aborted, or nothing so far. */
function lookedUp(twin: EngineTwin, lookUp: LookUp, says: number): void {
  const { responderId, initiatorId, dealNumber } = lookUp;
  let accepted = { priceTicks: 0, quantityLots: 0 };
  twin.market.deals.forEach((deal) => {
    if (deal.initiatorId !== initiatorId || deal.dealNumber !== dealNumber || deal.responderId !== responderId) return;
    accepted = { priceTicks: deal.priceTicks, quantityLots: deal.acceptedLots };
  });
  const confirmed = { outcome: Outcome.Confirmed, ...accepted };
  const aborted = { outcome: Outcome.Aborted, priceTicks: 0, quantityLots: 0 };
  answerLookUp(twin.turns, lookUp, says < 0.2 ? undefined : says < 0.7 ? confirmed : aborted);
}
