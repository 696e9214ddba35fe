/** Prints what the checker looked at, what never happened, and what it found. */
import { type Finding, kinds, labelOf } from './checker/findings.js';
import { type History, isFollowing, type LogEvent, type Operation, outcomeOf } from './checker/history.js';
import type { CheckResult } from './checker/check.js';

const SHOWN_OF_LABEL = 3;
const WIDTH = 34;

/** By what was asked and how it ended: `post done`, `book refused`. */
export function countOperations(operations: readonly Operation[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const operation of operations) {
    for (const name of namesOf(operation)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function namesOf(operation: Operation): string[] {
  const { ask } = operation;
  const outcome = outcomeOf(operation);
  if (ask.kind !== 'post' || outcome !== 'done') return [`${ask.kind} ${outcome}`];
  const { type = 'limit', timeInForce = type === 'market' ? 'ioc' : 'gtc', postOnly = false } = ask.body;
  return ['post done', `post done ${type} ${timeInForce}${postOnly ? ' post-only' : ''}`];
}

const posts = ['limit gtc', 'limit gtd', 'limit ioc', 'limit fok', 'limit gtc post-only', 'market ioc', 'market fok'];
const answers = ['withdraw', 'reduce', 'replace', 'list', 'phase', 'uncross'];
const reads = ['book', 'instruments', 'instrument', 'intention', 'intentions', 'deals', 'positions', 'events'];

/** What must have happened at least once before a history says anything: of what was asked, and how it was answered. */
function neverAsked(operations: readonly Operation[]): string[] {
  const counts = countOperations(operations);
  const wanted = [
    ...posts.map((terms) => `post done ${terms}`),
    ...[...answers, ...reads].map((kind) => `${kind} done`),
  ];
  const missing = [...wanted, 'post refused', 'reduce refused'].filter((name) => !counts.has(name));
  return hasRepetition(operations) ? missing : [...missing, 'a post asked again'];
}

/** The same, and what the log must tell of. */
export function neverSeen({ operations, log }: History): string[] {
  const types = new Set(log.map(({ type }) => type));
  const events = ['IntentionExpired', 'IntentionReduced', 'IntentionAmended', 'AuctionUncrossed', 'DealConfirmed'];
  return [...neverAsked(operations), ...events.filter((type) => !types.has(type))];
}

/** Likewise, while it is asked: of the log, what those have seen who follow it. */
export function notYetSeen(operations: readonly Operation[]): string[] {
  // The body of a following is a list of events.
  const followed = operations.filter(isFollowing).flatMap(({ reply }) => (reply?.body.events ?? []) as LogEvent[]);
  return neverSeen({ operations, log: followed });
}

function hasRepetition(operations: readonly Operation[]): boolean {
  const seen = new Set<string>();
  for (const { ask } of operations) {
    if (ask.kind !== 'post') continue;
    const key = `${ask.body.participant} ${ask.body.clientIntentionId}`;
    if (seen.has(key)) return true;
    seen.add(key);
  }
  return false;
}

export function sayCounts(
  say: (text: string) => void,
  title: string,
  counts: Iterable<readonly [string, number]>,
): void {
  const rows = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
  if (rows.length > 0) say(title);
  for (const [name, count] of rows) say(`  ${name.padEnd(WIDTH)} ${count.toLocaleString('en').padStart(10)}`);
}

/** Each kind of finding with how often, what it means and the first few. */
export function sayFindings(say: (text: string) => void, { findings }: CheckResult): void {
  const byLabel = new Map<string, Finding[]>();
  for (const finding of findings) {
    const label = labelOf(finding);
    byLabel.set(label, [...(byLabel.get(label) ?? []), finding]);
  }
  for (const [label, found] of byLabel) {
    const [first] = found;
    if (first === undefined) continue;
    say(`\nfound ${found.length} × ${label}: ${kinds[first.kind]}`);
    for (const { message } of found.slice(0, SHOWN_OF_LABEL)) say(`  ${message}`);
  }
}
