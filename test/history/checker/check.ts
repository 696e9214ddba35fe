/**
 * The whole check of a history.
 *
 * 1. Each acknowledged command stands in the log where its answer says, once, and nothing else does (claims).
 * 2. The log goes on from command to command as the naive exchange says: deals, final states and answers follow (walk).
 * 3. What was answered before something was asked stands before it (order).
 * 4. Each read is exact at its position, which is not before what had been answered by then, nor after what was asked later; positions
 *    do not go back (reads).
 * 5. The feed showed the log (feeds), and positions and deals add up (sums).
 *
 * Why that is enough: by 1 and 2 every event of the log is explained by what clients asked, in the log's order; by 3 this order is one in
 * which clients may have seen it happen; by 4 they have seen nothing else. That is strict serialisability of all commands and reads.
 */
import { Bounds } from './bounds.js';
import { type Assertion, findClaims } from './claims.js';
import { checkFeeds } from './feeds.js';
import type { Finding } from './findings.js';
import { type Command, type History, type Operation, positionIn } from './history.js';
import { answerEnded } from './naive/shown.js';
import { Reads } from './reads.js';
import { canonical, shortened, wordsOf } from './same.js';
import { checkSums } from './sums.js';
import { Walk } from './walk.js';

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly looked: Readonly<Record<string, number>>;
}

export function check(history: History): CheckResult {
  const { operations, log } = history;
  const { byPosition, idle, ended, findings: unclaimed } = findClaims(history);
  const walk = new Walk(log, byPosition).run();
  const claims = [...byPosition.values()].map((claim) => ({
    ...claim,
    seenUpTo: walk.ends.get(claim.position) ?? claim.position + 1,
  }));
  const bounds = new Bounds(claims);
  const reads = new Reads(bounds, walk.validUpTo, log);
  new Walk(log, byPosition).run(reads.compare(operations, idle));
  if (reads.areWrong) new Walk(log, byPosition).run(reads.seekLater());
  if (reads.areWrong) new Walk(log, byPosition).run(reads.seekEarlier());
  reads.reportTheRest();
  const feeds = checkFeeds(operations, log);
  const sums = checkSums(operations, log);
  const ends = checkEnds(ended, walk);
  const order = [...checkOrder(claims, bounds), ...checkReadOrder(reads.exact)];
  return {
    findings: [
      ...unclaimed,
      ...walk.findings,
      ...ends,
      ...order,
      ...reads.findings,
      ...feeds.findings,
      ...sums.findings,
    ],
    looked: {
      'events in the log': log.length,
      'events as the model says': walk.validUpTo,
      'commands in the log': byPosition.size,
      deals: walk.state.deals.length,
      'reads and refusals compared': reads.compared,
      'events shown by feeds': feeds.shown,
      'positions added up': sums.checked,
    },
  };
}

/** Whether those who withdrew what had closed before were told how it ended. */
function checkEnds(ended: readonly Operation<Command>[], { state, validUpTo }: Walk): Finding[] {
  return ended.flatMap((operation) => {
    const { ask, reply } = operation;
    const order = ask.kind === 'withdraw' ? state.order(ask.id) : undefined;
    const position = positionIn(reply) ?? 0;
    if (position >= validUpTo) return []; // what the walk did not reach is compared with nothing
    const expected = order === undefined ? 'unknown' : answerEnded(order);
    if (canonical(expected) === canonical(reply?.body)) return [];
    const message = `${wordsOf(operation)} was answered ${shortened(reply?.body)}, and it ended as ${shortened(expected)}`;
    return [{ kind: 'answer', about: ask.kind, position, message } as const];
  });
}

function checkOrder(claims: readonly Assertion[], bounds: Bounds): Finding[] {
  return claims
    .filter(({ beganMs, position }) => position < bounds.floor(beganMs))
    .map(({ first, beganMs, position, command }) => {
      const message = `${wordsOf(first)} stands at ${position}; before it was asked, all before ${bounds.floor(beganMs)} had been answered`;
      return { kind: 'order', about: command.kind, position, message };
    });
}

/** Among the reads that are right by themselves: those that are ahead of one that was asked after they had been answered. */
function checkReadOrder(reads: readonly Operation[]): Finding[] {
  const placed = reads.map((operation) => {
    const position = positionIn(operation.reply) ?? 0;
    return { operation, beganMs: operation.beganMs, endedMs: operation.endedMs, position, seenUpTo: position };
  });
  const bounds = new Bounds(placed);
  return placed
    .filter(({ endedMs, position }) => position > bounds.ceiling(endedMs))
    .map(({ operation, endedMs, position }) => {
      const message = `${wordsOf(operation)} carries ${position}; one that was asked after it carries ${bounds.ceiling(endedMs)}`;
      return { kind: 'ahead', about: operation.ask.kind, position, message };
    });
}
