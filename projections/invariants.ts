/**
 * The invariants: what holds of every exchange and its log, whatever dies when. Each is stated here and nowhere else;
 * `docs/concepts/invariants.md` is written from this table, and a test holds every mention of a number in code and documents to it.
 *
 * 1. A number keeps its meaning permanently. Findings carry it and are kept, so it means what the audit means by it.
 * 2. What is new takes the next number. None is used again.
 * 3. Modules are paths from the root of the repository. Each that checks an invariant names it, by its number or by a finding's code.
 */

/** Where invariants are checked. */
export type RigName = 'audit' | 'model' | 'simulation' | 'properties' | 'crash' | 'clusterCrash';

export interface Rig {
  readonly title: string;
  readonly command: string;
  readonly says: string;
  /** Where it says what is checked. */
  readonly module: string;
  /** Whether it has its logs audited, and so checks all that the audit checks. */
  readonly runsAudit: boolean;
}

export const rigs: Readonly<Record<RigName, Rig>> = {
  audit: {
    title: 'audit',
    command: 'parley audit',
    says: 'reads one shard’s log from its first event and works out for itself what should have happened',
    module: 'projections/audit/audit-fold.ts',
    runsAudit: true,
  },
  model: {
    title: 'model check',
    command: 'npm run prove',
    says: 'goes through every interleaving of small models of several shards, and looks at every state and at the rest that it leads to',
    module: 'test/model-check/model/checks.ts',
    runsAudit: false,
  },
  simulation: {
    title: 'simulation',
    command: 'npm run simulate',
    says: 'runs whole exchanges at random, with faults of process, disk, network and clock, beside a reference that is a sorted list',
    module: 'test/simulation/checks/at-rest.ts',
    runsAudit: true,
  },
  properties: {
    title: 'property tests',
    command: 'npm test',
    says: 'play arbitrary sessions, crashes and failures of negotiators in one process, beside the same reference',
    module: 'test/support/reference/checks.ts',
    runsAudit: true,
  },
  crash: {
    title: 'crash rig',
    command: 'npm run crash',
    says: 'kills and starts real servers under load, cuts the power of a simulated disk, and then reads the log with the command line',
    module: 'test/crash/conclusion.ts',
    runsAudit: true,
  },
  clusterCrash: {
    title: 'cluster crash rig',
    command: 'npm run crash:cluster',
    says: 'does the same to the members of a cluster on Kafka, shard by shard',
    module: 'test/cluster-crash/checks/checker.ts',
    runsAudit: true,
  },
};

export interface Invariant {
  /** A few words, as stable as the number. */
  readonly name: string;
  /** The one sentence that states it. */
  readonly says: string;
  /** What somebody would lose by a violation. */
  readonly matters: string;
  /** What a violation looks like, beside the codes that the audit gives it. */
  readonly violation: string;
  /** The modules that check it, by rig. That a rig runs the audit is not repeated. */
  readonly checkers: Readonly<Partial<Record<RigName, readonly string[]>>>;
}

export const invariants = {
  I1: {
    name: 'no overfill',
    says: 'The filled and the reserved lots of an intention are never negative, and together never exceed its quantity.',
    matters: 'A participant never trades more than it asked for, however many counterparties answer at once.',
    violation: 'An intention for 10 lots has 5 filled and 6 reserved.',
    checkers: {
      audit: [
        'projections/audit/checks/predicates.ts',
        'projections/audit/checks/intention-stream.ts',
        'projections/audit/state/reservations.ts',
      ],
      model: ['test/model-check/model/process.ts'],
    },
  },
  I2: {
    name: 'fills match decisions',
    says: 'Every fill rests on a confirmed deal, and every confirmed deal, once it is settled, has filled both its sides.',
    matters: 'Nobody holds a trade that the counterparty does not hold as well.',
    violation:
      'A side is filled by a deal that nobody decided, or a confirmed deal has filled the buyer and not the seller when the next ' +
      'command comes.',
    checkers: {
      audit: ['projections/audit/checks/handshakes.ts', 'projections/audit/state/audited-deals.ts'],
      model: ['test/model-check/model/checks.ts'],
    },
  },
  I3: {
    name: 'one decision',
    says: 'A deal has at most one decision, in the log of its initiator’s shard, and both sides settle exactly as it says.',
    matters: 'The two sides can never disagree about whether they traded, at what price, or how much.',
    violation:
      'A side settles as aborted what was confirmed, or at another price. Should a writer that was replaced too late write a second ' +
      'decision all the same, the first counts: the audit notes the other as `LATE_DECISION`, a violation only if a side follows it.',
    checkers: {
      audit: [
        'projections/audit/checks/predicates.ts',
        'projections/audit/checks/handshakes.ts',
        'projections/audit/checks/foreign-deals.ts',
      ],
      model: ['test/model-check/model/checks.ts', 'test/model-check/model/logs.ts'],
      simulation: ['test/simulation/checks/at-rest.ts'],
    },
  },
  I4: {
    name: 'held until decided',
    says: 'A reservation is released only after its deal is decided.',
    matters: 'A side that gave up waiting cannot sell its lots again while the other side confirms the deal.',
    violation: 'A side settles a deal as aborted, and no decision stands before that.',
    checkers: { audit: ['projections/audit/checks/handshakes.ts'], model: ['test/model-check/model/checks.ts'] },
  },
  I5: {
    name: 'agreed by both',
    says: 'A deal is confirmed only after both sides have reserved for it, and at a price within both limits.',
    matters: 'Nobody trades at a price it did not agree to, or without having agreed at all.',
    violation: 'A deal is confirmed that its responder never accepted, or a buyer with limit 10 pays 11.',
    checkers: {
      audit: [
        'projections/audit/checks/predicates.ts',
        'projections/audit/checks/handshakes.ts',
        'projections/audit/state/state.ts',
      ],
      model: ['test/model-check/model/checks.ts'],
    },
  },
  I6: {
    name: 'balanced ledger',
    says: 'The lots of each instrument, and the cash paid for them, sum to zero over all participants whenever no deal is half settled.',
    matters: 'Nothing is created or lost: what one participant bought, another sold.',
    violation: 'All positions in an instrument together come to 3 lots.',
    checkers: {
      audit: ['projections/audit/checks/predicates.ts', 'projections/audit/state/audited-deals.ts'],
      model: ['test/model-check/model/checks.ts'],
      simulation: ['test/simulation/checks/at-rest.ts'],
      properties: ['test/support/reference/checks.ts'],
      crash: ['test/crash/conclusion.ts'],
      clusterCrash: ['test/cluster-crash/checks/checker.ts'],
    },
  },
  I7: {
    name: 'replay equals state',
    says: 'A replay of the log gives the live state, by digest, and a second replay gives the same.',
    matters:
      'The log alone is the truth: a restart, on this machine or another, goes on from where the exchange stood.',
    violation: 'The digest of a replayed state is not that of the process that wrote the log.',
    checkers: {
      model: ['test/model-check/model/process.ts'],
      simulation: ['test/simulation/checks/at-rest.ts'],
      properties: ['test/support/reference/checks.ts'],
    },
  },
  I8: {
    name: 'settled before commands',
    says: 'A shard takes no command while a deal between two of its own intentions is undecided or unsettled.',
    matters: 'Every command meets a book without open questions, after a crash too, so that priority is exact.',
    violation: 'An intention is posted after a proposal and before its decision and both settlements.',
    checkers: { audit: ['projections/audit/state/audited-deals.ts'] },
  },
  I9: {
    name: 'price-time priority',
    says: 'No deal is proposed for a standing intention while a better one, or an older one at its price, is willing and was not asked.',
    matters: 'Who offers the better price, or came first at the same price, trades first.',
    violation: 'An arriving seller deals with a buyer at 10 though a buyer at 11 stands in the book.',
    checkers: {
      audit: ['projections/audit/checks/predicates.ts', 'projections/audit/checks/arrivals.ts'],
      simulation: ['test/support/reference/reference-exchange.ts'],
      properties: ['test/support/reference/reference-exchange.ts'],
    },
  },
  I10: {
    name: 'once per side',
    says: 'Each side of a deal reserves for it at most once, and settles at most once what it has reserved.',
    matters: 'A message that arrives twice, or a restart in the middle, never doubles a trade.',
    violation:
      'A side settles one deal twice, or accepts a copy of a proposal as if it were new. The audit gives the second acceptance ' +
      '`ANSWER_UNFOUNDED`, a code that it has for every answer that does not fit its proposal.',
    checkers: {
      audit: ['projections/audit/checks/handshakes.ts', 'projections/audit/checks/foreign-deals.ts'],
      model: ['test/model-check/model/logs.ts'],
    },
  },
  I11: {
    name: 'comes to rest',
    says: 'From every state, timers and restarts alone bring the exchange to rest: no deal is open and nothing is reserved.',
    matters: 'No lots stay locked in a deal that will never be decided, though no message may ever arrive again.',
    violation:
      'All is quiet, and an intention still holds a reservation; or it never comes to be quiet. A deal that is open at the head of a ' +
      'log is no violation yet: the audit notes it as `DEAL_IN_DOUBT`, and the next writer of that log settles it.',
    checkers: {
      model: ['test/model-check/model/rest.ts'],
      simulation: ['test/simulation/checks/at-rest.ts'],
      properties: ['test/support/reference/checks.ts'],
      crash: ['test/crash/conclusion.ts'],
      clusterCrash: ['test/cluster-crash/checks/checker.ts'],
    },
  },
  I12: {
    name: 'within limits',
    says: 'No intention is posted or made larger beyond a limit of its participant, worst case: as if all that it has open dealt.',
    matters: 'What an operator lets a participant risk is the most that it can come to, however fast the market moves.',
    violation: 'A participant with a limit of 10 holds 6, has 3 open to buy, and an intention to buy 2 more is taken.',
    checkers: {
      audit: ['projections/audit/checks/participant-limits.ts'],
      model: ['test/model-check/model/guards.ts'],
      properties: ['test/property/risk.property.test.ts'],
    },
  },
  I13: {
    name: 'lapsed is withdrawn',
    says: 'A switch that was not set again in time lapses before the next command; what its participant had open is then withdrawn, all of it, and nothing is without a lapse. The same holds of what a halt withdraws.',
    matters: 'A program that has died leaves nothing in the market, also where the exchange dies in the middle of it.',
    violation:
      'A switch has lapsed, the exchange was restarted, and an intention from before still stands a minute later.',
    checkers: {
      audit: ['projections/audit/checks/owed-withdrawals.ts'],
      model: ['test/model-check/model/guards.ts', 'test/model-check/model/checks.ts'],
      properties: ['test/property/risk.property.test.ts'],
    },
  },
} as const satisfies Readonly<Record<string, Invariant>>;

export type InvariantNumber = keyof typeof invariants;
