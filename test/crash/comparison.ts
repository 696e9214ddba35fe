/** Compares a log with the answers that clients received, and finds in it the outcomes that they did not receive. */
import { type Answers, type Change, nameOf, type Post, wordsOf } from './answers.js';
import type { ChangedFact, LogFacts } from './log-facts.js';

export interface Comparison {
  readonly findings: readonly string[];
  /** Posts and changes whose outcome was unknown, and how they ended. */
  readonly done: number;
  readonly undone: number;
}

export function compare(answers: Answers, facts: LogFacts): Comparison {
  const findings = [...answers.findings, ...facts.findings];
  const ended = { done: 0, undone: 0 };
  for (const post of answers.posts.values()) comparePost(post, facts, findings, ended);
  compareChanges(answers.changes, facts, findings, ended);
  for (const clientId of facts.posts.keys()) {
    if (!answers.posts.has(clientId)) findings.push(`post ${clientId} is in the log, and nobody posted it`);
  }
  for (const [position, type] of answers.seen) {
    const now = facts.types[position];
    if (now !== type) findings.push(`the feed showed ${type} at position ${position}; the log has ${now ?? 'nothing'}`);
  }
  for (const [position, digest] of answers.digests) {
    if (facts.digests.get(position) !== digest)
      findings.push(`what stood before position ${position} is not there any more`);
  }
  answers.digests = facts.digests;
  return { findings, ...ended };
}

interface Ended {
  done: number;
  undone: number;
}

function comparePost(post: Post, facts: LogFacts, findings: string[], ended: Ended): void {
  const { intention, state, answer } = post;
  const fact = facts.posts.get(intention.clientIntentionId);
  if (state === 'unknown') ended[fact === undefined ? 'undone' : 'done']++;
  if (state === 'refused' && fact !== undefined)
    findings.push(
      `${nameOf(post)} was refused (${post.refusal ?? 'code unknown'}), and is in the log at ${fact.position}`,
    );
  if (answer === undefined) return;
  if (fact === undefined) {
    findings.push(`${nameOf(post)} was acknowledged at position ${answer.position}, and is lost`);
  } else if (
    fact.position !== answer.position ||
    fact.id !== answer.id ||
    fact.side !== intention.side ||
    String(fact.quantityLots) !== intention.quantity ||
    (intention.price !== undefined && String(fact.priceTicks) !== intention.price)
  ) {
    findings.push(`${nameOf(post)}: the log has ${JSON.stringify(fact)}, the answer was ${JSON.stringify(answer)}`);
  }
}

/** Each change in the log was asked for, and each that was acknowledged is where the answer says. The others are settled for good. */
function compareChanges(changes: readonly Change[], facts: LogFacts, findings: string[], ended: Ended): void {
  const unclaimed = new Map(facts.changes);
  for (const change of changes) {
    const { state, position } = change;
    if (state !== 'acknowledged' || position === undefined) continue;
    const fact = unclaimed.get(position);
    // A withdrawal of what is closed already says how, and where.
    const isThere = change.kind === 'withdraw' ? facts.ended.get(change.id) === position : fact && isOf(fact, change);
    if (isThere === true) unclaimed.delete(position);
    else findings.push(`${wordsOf(change)} was acknowledged at position ${position}, and is not there`);
  }
  for (const change of changes) {
    if (change.state !== 'unknown') continue;
    const fact = [...unclaimed.values()].find((one) => isOf(one, change));
    if (fact !== undefined) unclaimed.delete(fact.position);
    ended[fact === undefined ? 'undone' : 'done']++;
    change.state = fact === undefined ? 'refused' : 'acknowledged';
    change.position = fact?.position;
  }
  for (const { kind, id, position } of unclaimed.values()) {
    findings.push(`position ${position}: a ${kind} of intention ${id} that nobody asked for, or that stands twice`);
  }
}

/** To reduce by all that is left is to withdraw: recorded as a reduction by nothing before it. */
function isOf(fact: ChangedFact, { kind, id, terms }: Change): boolean {
  return fact.id === id && fact.kind === kind && (fact.terms === terms || (kind === 'reduce' && fact.terms === '0'));
}
