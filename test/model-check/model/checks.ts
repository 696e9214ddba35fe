/** The invariants that hold between logs, in every state and at rest. Values are compared by the predicates that the audit uses. */
import { shardOf } from '../../../src/domain/ids.js';
import { outcomeNames, Pricing, Side } from '../../../src/domain/terms.js';
import { isWithinLimit, Postings, settlesAsDecided } from '../../../projections/audit/checks/predicates.js';
import type { Decided, Logs, LogFacts } from './logs.js';
import { placeOf, type Posting, type Sometimes, type Model } from './model.js';

/** One place's log, and what its process knows beyond it. */
export interface Viewed {
  readonly log: number;
  readonly view: number;
}

export class Checks {
  private readonly passed = new Set<string>();
  private readonly postings: ReadonlyMap<number, Posting>;

  constructor(
    private readonly model: Model,
    private readonly logs: Logs,
    private readonly seen: Set<Sometimes>,
  ) {
    const postings = model.places.flatMap(({ posted, arriving }) => [...posted, ...arriving]);
    this.postings = new Map(postings.map((posting) => [posting.id, posting]));
  }

  /** What is wrong between these logs; each combination is looked at once. */
  inState(views: readonly Viewed[]): readonly string[] {
    const key = views.map(({ log, view }) => `${log} ${view}`).join();
    if (this.passed.has(key)) return [];
    const findings = views.flatMap(({ view }) => [
      ...this.logs.at(view).facts.findings,
      ...this.settlements(this.logs.at(view).facts, views),
      ...this.confirmations(this.logs.at(view).facts, views),
    ]);
    if (findings.length === 0) this.passed.add(key);
    return findings;
  }

  /** I3, I4: each side settles as the first decision says, which is there before: in its own log, or durable in the other's. */
  private settlements({ settled }: LogFacts, views: readonly Viewed[]): string[] {
    const findings: string[] = [];
    for (const event of settled.values()) {
      const { intentionId, initiatorId, dealNumber } = event;
      const deal = `${initiatorId}-${dealNumber}`;
      const home = views[placeOf(this.model, initiatorId)];
      const isOwn = shardOf(intentionId) === shardOf(initiatorId);
      const decision = this.logs.at((isOwn ? home?.view : home?.log) ?? 0).facts.decided.get(deal);
      const name = this.nameOf(intentionId);
      if (decision === undefined) {
        findings.push(`I4: ${name} settles deal ${deal} as ${event.outcome}, and nothing is decided`);
      } else if (
        !settlesAsDecided(settlementOf(decision), { ...event, outcome: outcomeNames.indexOf(event.outcome) })
      ) {
        findings.push(
          `I3: ${name} settles deal ${deal} as ${event.outcome}, but the first decision is ${decision.type}`,
        );
      }
    }
    return findings;
  }

  /** I5: both had reserved, durably where it was another's log, and the price is within both limits. */
  private confirmations({ decided, proposed }: LogFacts, views: readonly Viewed[]): string[] {
    const findings: string[] = [];
    for (const [deal, decision] of decided) {
      if (decision.type === 'DealAborted') continue;
      const { initiatorId, responderId, priceTicks, quantityLots } = decision;
      const proposal = proposed.get(deal);
      const other = views[placeOf(this.model, responderId)];
      const isOwn = shardOf(responderId) === shardOf(initiatorId);
      const acceptance = this.logs.at((isOwn ? other?.view : other?.log) ?? 0).facts.accepted.get(deal);
      if (proposal?.priceTicks !== priceTicks || proposal.quantityLots < quantityLots) {
        findings.push(`I5: deal ${deal} is confirmed otherwise than it was proposed`);
      }
      if (acceptance?.quantityLots !== quantityLots)
        findings.push(`I5: deal ${deal} is confirmed otherwise than it was accepted`);
      for (const id of [initiatorId, responderId]) {
        const posting = this.postings.get(id);
        if (posting === undefined || isWithinLimit({ ...posting, pricing: Pricing.Limit }, priceTicks)) continue;
        findings.push(`I5: deal ${deal} at ${priceTicks} is beyond the limit of ${posting.name}`);
      }
    }
    return findings;
  }

  /** I2, I6, I13: at rest each confirmed deal has its two fills, they sum to zero, nothing is left of what was proposed, and no switch owes anything. */
  atRest(views: readonly Viewed[]): readonly string[] {
    const all = views.map(({ log }) => this.logs.at(log).facts);
    const postings = new Postings();
    const findings: string[] = [];
    for (const { settled } of all) {
      for (const { intentionId, outcome, priceTicks, quantityLots } of settled.values()) {
        const side = this.postings.get(intentionId)?.side ?? Side.Buy;
        if (outcome === 'confirmed') postings.post(side, priceTicks, quantityLots);
      }
    }
    if (!postings.isBalanced) findings.push(`I6: at rest the postings sum to ${postings.describe()}`);
    for (const [deal, decision] of all.flatMap(({ decided }) => [...decided])) {
      if (decision.type === 'DealAborted') continue;
      for (const id of [decision.initiatorId, decision.responderId]) {
        if (all.some(({ settled }) => settled.get(`${id} ${deal}`)?.outcome === 'confirmed')) continue;
        findings.push(`I2: at rest deal ${deal} is confirmed, and ${this.nameOf(id)} has no fill`);
      }
    }
    for (const { guards } of all) findings.push(...guards.owed);
    for (const facts of all) this.note(facts);
    return findings;
  }

  private note({ declined, decided, settled, proposed, guards }: LogFacts): void {
    const { seen } = this;
    if (guards.hasRefused) seen.add('a post refused by a limit');
    if (guards.hasLapsedAmidDeal) seen.add('a switch that lapsed amid a handshake');
    if (declined.size > 0) seen.add('a proposal declined');
    for (const [deal, decision] of decided) {
      if (decision.type === 'DealAborted') {
        if (decision.reason === 'initiatorDeadline') seen.add('an abort won by the initiator');
        if (decision.reason === 'responderDeadline') seen.add('an abort won by the responder');
      } else {
        const wanted = this.postings.get(proposed.get(deal)?.intentionId ?? 0)?.lots ?? 0;
        seen.add(decision.quantityLots < wanted ? 'a partial fill' : 'a deal of all that was wanted');
      }
    }
    for (const { intentionId, initiatorId, outcome } of settled.values()) {
      if (intentionId === initiatorId) continue;
      seen.add(outcome === 'confirmed' ? 'a doubt that ended in a fill' : 'a doubt that ended in an abort');
    }
  }

  private nameOf(id: number): string {
    return this.postings.get(id)?.name ?? `intention ${id}`;
  }
}

function settlementOf(decision: Decided): Parameters<typeof settlesAsDecided>[0] {
  if (decision.type === 'DealAborted')
    return { outcome: outcomeNames.indexOf('aborted'), priceTicks: 0, quantityLots: 0 };
  const { priceTicks, quantityLots } = decision;
  return { outcome: outcomeNames.indexOf('confirmed'), priceTicks, quantityLots };
}
