/**
 * Faults of the protocol, each of which must be found. They are kept here as replacements in the real source, and applied to a copy of
 * it; where the source moves on, the mutant says so and must follow.
 */
import type { Mutant } from '../support/mutation/mutant.js';

export interface ProtocolMutant extends Mutant {
  /** The model in which it shows. */
  readonly model: string;
}

const HANDSHAKE = 'src/domain/handshake/handshake.ts';
const FUSED = 'src/domain/handshake/fused-handshake.ts';
/** How a deal is settled that is aborted. */
const aborted = '{ initiatorId, dealNumber, decision: Outcome.Aborted, priceTicks: 0, decidedLots: 0 }';

export const mutants: readonly ProtocolMutant[] = [
  {
    name: 'send-before-append',
    what: 'messages leave before what they tell of is durable',
    model: '1x1 sell',
    file: 'src/exchange/shard/outbox.ts',
    replacements: [
      { text: '    this.events.whenDurable(() => this.peers.send(message));', by: '    this.peers.send(message);' },
    ],
  },
  {
    name: 'responder-releases-on-timeout',
    what: 'a responder takes a passed deadline for an abort',
    model: '1x1 sell',
    file: HANDSHAKE,
    replacements: [
      {
        text: '    if (deal.decision === Index.None && !deal.isCrossShard) {',
        by: `    if (deal.isCrossShard) this.recorder.dealSettled(row, ${aborted});
    else if (deal.decision === Index.None) {`,
      },
    ],
  },
  {
    name: 'initiator-releases-on-timeout',
    what: 'an initiator takes a passed deadline for an abort, and decides nothing',
    model: '1x1 sell',
    file: HANDSHAKE,
    replacements: [
      {
        text: `    if (deal.decision === Index.None) this.recorder.dealAborted(deal, reason);
    this.settleProposal(row, responderRow);`,
        by: `    if (deal.decision === Index.None && reason === AbortReason.InitiatorDeadline) deal.decision = Outcome.Aborted;
    if (deal.decision === Index.None) this.recorder.dealAborted(deal, reason);
    this.settleProposal(row, responderRow);`,
      },
    ],
  },
  {
    name: 'release-on-stale-ledger',
    what: 'a responder takes a silent ledger for an abort',
    model: '1x1 sell',
    file: HANDSHAKE,
    replacements: [
      {
        text: '    this.mailbox.send(inquiry);',
        by: `    this.recorder.dealSettled(row, ${aborted});`,
      },
    ],
  },
  {
    name: 'no-reservation',
    what: 'a responder promises what it has promised to another',
    model: '1x2 buy',
    file: HANDSHAKE,
    replacements: [
      {
        text: 'const lots = negotiators.isClosing(row) ? 0 : Math.min(negotiators.freeLots(row), proposal.lots);',
        by: 'const lots = negotiators.isClosing(row) ? 0 : Math.min(negotiators.openLots(row), proposal.lots);',
      },
    ],
  },
  {
    name: 'expected-revision-dropped',
    what: 'an inquiry is answered with an abort, whatever stands in the deal’s stream',
    model: '1x1 sell',
    file: HANDSHAKE,
    replacements: [
      {
        text: '      this.repeatDecision(row, inquiry);',
        by: `      const deal = { initiatorId: negotiators.id(row), dealNumber, responderId: inquiry.fromId };
      this.recorder.dealAborted(deal, AbortReason.ResponderDeadline);`,
      },
    ],
  },
  {
    name: 'last-decision-wins',
    what: 'a later decision overrules the first',
    model: '1x1 late',
    file: 'src/domain/market.ts',
    replacements: [
      { text: 'if (deal?.decision === Index.None) return deal;', by: 'if (deal !== undefined) return deal;' },
    ],
  },
  {
    name: 'ledger-reads-the-last',
    what: 'a lookup takes the last decision in a deal’s stream for the truth',
    model: '1x1 late',
    file: 'src/exchange/shard/peer-shards.ts',
    replacements: [
      {
        text: '  for await (const { event }',
        by: '  let last: DealDecision | undefined;\n  for await (const { event }',
      },
      {
        text: '      return { outcome: Outcome.Confirmed, priceTicks, quantityLots };\n    }',
        by: '      last = { outcome: Outcome.Confirmed, priceTicks, quantityLots };\n    } else',
      },
      { text: '    return { outcome: Outcome.Aborted,', by: '    last = { outcome: Outcome.Aborted,' },
      { text: '  return undefined;', by: '  return last;' },
    ],
  },
  {
    name: 'late-decline-honoured',
    what: 'a decline undoes the latest deal, whichever it was meant for, decided or not',
    model: '1x1 sell',
    file: HANDSHAKE,
    replacements: [
      {
        text: `    if (index === Index.None) return;
    const deal = deals.at(index);
    if (deal.dealNumber !== dealNumber) return;`,
        by: `    if (index === Index.None) {
      const id = negotiators.id(row);
      const deal = { initiatorId: id, dealNumber: negotiators.proposals(row), responderId: id };
      if (deal.dealNumber > 0) this.recorder.dealAborted(deal, reason);
      return;
    }
    const deal = deals.at(index);
    dealNumber = deal.dealNumber;`,
      },
    ],
  },
  {
    name: 'no-fence',
    what: 'the log lets an old writer append after its successor has opened it',
    model: '1x1 sell',
    file: 'infra/memory/memory-log.ts',
    replacements: [{ text: "    if (this.medium.epoch !== this.epoch) return 'fenced';\n", by: '' }],
  },
  {
    name: 'duplicate-accepted-twice',
    what: 'a copy of a proposal is a proposal',
    model: '1x1 buy',
    file: HANDSHAKE,
    replacements: [
      { text: '    if (known !== Index.None) {', by: '    if (known > row + 1_000_000) {' },
      { text: '    if (this.isKnown(row, proposal)) return;\n', by: '' },
    ],
  },
  {
    name: 'answers-forgotten',
    what: 'a copy of a proposal that comes after its deal is settled is a new one',
    model: '1x1 buy',
    file: HANDSHAKE,
    replacements: [{ text: '    if (this.isKnown(row, proposal)) return;\n', by: '' }],
  },
  {
    name: 'settles-without-reading',
    what: 'an initiator that died while it decided takes its deal for aborted',
    model: '1x1 sell',
    file: HANDSHAKE,
    replacements: [
      {
        text: '      this.settleProposal(row, deal.responderRow);\n      return;',
        by: `      const { initiatorId, dealNumber } = deal;
      this.recorder.dealSettled(row, ${aborted});
      return;`,
      },
    ],
  },
  {
    name: 'confirms-what-it-proposed',
    what: 'an initiator confirms what it proposed, and not what was accepted',
    model: '1x2 buy',
    file: HANDSHAKE,
    replacements: [
      {
        text: 'this.recorder.dealConfirmed(row, deal, acceptance);',
        by: 'this.recorder.dealConfirmed(row, deal, { ...acceptance, lots: deal.proposedLots });',
      },
    ],
  },
  {
    name: 'any-price-accepted',
    what: 'a responder takes the board’s word for the price',
    model: '1x1 misled',
    file: HANDSHAKE,
    replacements: [{ text: '} else if (!negotiators.reaches(row, priceTicks)) {', by: '} else if (priceTicks < 0) {' }],
  },
  {
    name: 'any-side-accepted',
    what: 'a responder takes the board’s word for whom it deals with',
    model: '1x1 confused',
    file: 'src/domain/handshake/remote-messages.ts',
    replacements: [{ text: 'side !== negotiators.side(row)', by: 'side >= 0' }],
  },
  {
    name: 'lapse-forgotten',
    what: 'a shard that starts does not go on with what a lapsed switch withdraws',
    model: '1x1 switch',
    file: 'src/exchange/shard/shard.ts',
    replacements: [
      { text: 'this.turns.withdrawals.resume(this.clock.nowMs())', by: 'this.turns.withdrawals.resume.length' },
    ],
  },
  {
    name: 'open-left-out',
    what: 'what is open already is left out of a limit',
    model: '1x3 limit',
    file: 'src/domain/risk/limit-check.ts',
    replacements: [
      {
        text: 'const allOpen = open(Side.Buy) + open(Side.Sell) + moreLots;',
        by: 'const allOpen = moreLots;',
      },
    ],
  },
  {
    name: 'asks-once',
    what: 'a responder in doubt asks once, and never again',
    model: '1x1 sell',
    file: 'src/domain/negotiators/due-timers.ts',
    replacements: [
      {
        text: "if (index !== Index.None) market.deals.at(index)[isInitiators ? 'isInitiatorTimed' : 'isResponderTimed'] = false;",
        by: 'if (index !== Index.None && isInitiators) market.deals.at(index).isInitiatorTimed = false;',
      },
    ],
  },
  {
    name: 'fused-row-kept',
    what: 'a fused handshake fills the standing side, and leaves it where it stands',
    model: '1x2 within',
    file: FUSED,
    replacements: [{ text: 'market.applyFill(standing, lots, lots);', by: 'negotiators.fill(standing, lots);' }],
  },
  {
    name: 'fused-revision-lost',
    what: 'a fused handshake counts one of the two events of the arriving side',
    model: '1x2 within',
    file: FUSED,
    replacements: [{ text: 'negotiators.addRevisions(arriving, 2);', by: 'negotiators.addRevisions(arriving, 1);' }],
  },
  {
    name: 'fused-initiator-open',
    what: 'a fused handshake settles the arriving side alone',
    model: '1x2 within',
    file: FUSED,
    replacements: [{ text: '    market.applyFill(standing, lots, lots);\n', by: '' }],
  },
  {
    name: 'fused-lots-twice',
    what: 'a fused handshake fills twice what was dealt',
    model: '1x2 within',
    file: FUSED,
    replacements: [
      { text: 'market.applyFill(arriving, lots, lots);', by: 'market.applyFill(arriving, lots, 2 * lots);' },
    ],
  },
  {
    name: 'fused-exposure-kept',
    what: 'a fused handshake leaves open, for a limit, what it has filled',
    model: '1x3 limit',
    file: FUSED,
    replacements: [
      {
        text: 'market.applyFill(arriving, lots, lots);',
        by: `market.limits.isAny = false;
    market.applyFill(arriving, lots, lots);
    market.limits.isAny = true;`,
      },
    ],
  },
  {
    name: 'fused-amid-a-deal',
    what: 'a handshake is fused although its initiator waits for another shard',
    model: '1x2 beside',
    file: FUSED,
    replacements: [{ text: 'if (deals.size > 0 || lots <= 0) return false;', by: 'if (lots <= 0) return false;' }],
  },
  {
    name: 'fused-twice-proposed',
    what: 'a fused handshake does not count its proposal: the next deal has the same number',
    model: '1x2 within',
    file: FUSED,
    replacements: [
      {
        text: 'negotiators.setProposals(standing, dealNumber);',
        by: 'negotiators.setProposals(standing, dealNumber - 1);',
      },
    ],
  },
];
