/** The questions to an exchange after each restart: is everything there, once, and does it answer as it did the first time? */
import type { Intention, ParleyClient, PostAnswer } from '../../src/client/index.js';
import { shardOf } from '../../src/domain/ids.js';
import type { Serving } from '../support/cli/serving.js';
import { nameOf, type Post } from './answers.js';
import { compare } from './comparison.js';
import type { CrashingProcess } from './process.js';
import { LogFacts } from './log-facts.js';
import { participants, symbols } from './orders.js';
import { patientClient } from './patient-client.js';
import { mustBecome, Violation } from './violation.js';

/** Of those that were repeated after an earlier restart. */
const REPEATED_AGAIN = 200;
const WITHDRAWN_AGAIN = 3;

export interface SettleOptions {
  /** Repeats every post there is; otherwise those of the last processes, those whose outcome is unknown, and some others. */
  readonly isThorough?: boolean;
  /** The query store cannot be written, and is behind. */
  readonly isWithoutQueries?: boolean;
}

/** Holds the log against the answers, then has commands repeated. */
export async function settle(
  run: CrashingProcess,
  serving: Serving,
  { isThorough = false, isWithoutQueries = false }: SettleOptions = {},
): Promise<void> {
  const { answers, tally } = run;
  for (const [shard, facts] of (await LogFacts.readAll(run.logs)).entries()) {
    const { findings, done, undone } = compare(answers.ofShard(shard), facts);
    tally.done += done;
    tally.undone += undone;
    Violation.throwIfAny(findings);
  }
  const client = patientClient(serving.url);
  for (const symbol of symbols) await client.putInstrument(symbol, { tickSize: '1', lotSize: '1' });
  await repeatPosts(run, client, isThorough);
  if (!isWithoutQueries) {
    await repeatWithdrawals(run, client);
    await expectNoneOverdue(client, run);
  }
  Violation.throwIfAny(answers.findings);
}

async function repeatPosts(
  { answers, random }: CrashingProcess,
  client: ParleyClient,
  isThorough: boolean,
): Promise<void> {
  const all = answers.posts.filter(({ state }) => state !== 'refused');
  const older = all.filter(({ state, round }) => state === 'acknowledged' && round < answers.round - 2);
  const isRepeated = (post: Post): boolean =>
    isThorough ||
    post.state === 'unknown' ||
    post.round >= answers.round - 2 ||
    random.chance(REPEATED_AGAIN, older.length);
  const posts = all.filter(isRepeated);
  const intentions = posts.map(({ intention }) => intention);
  let answered = 0;
  for await (const answer of client.postIntentions(intentions)) {
    const post = posts[answered++];
    if (post === undefined) throw new Violation(`${intentions.length} posts were repeated, and one more answered`);
    takeAnswer(answers, post, answer);
  }
  if (answered < posts.length) throw new Violation(`of ${posts.length} repeated posts ${answered} were answered`);
}

function takeAnswer(answers: CrashingProcess['answers'], post: Post, answer: PostAnswer): void {
  if (answer.ok) answers.acknowledgePost(post, answer.intention);
  else if (answer.status < 500) answers.refuseRepetition(post, answer.code);
  else throw new Violation(`${nameOf(post)}, repeated on a fresh server, gets ${answer.code}: ${answer.detail}`);
}

/** What was withdrawn is closed, and says so again: the query store knows. */
async function repeatWithdrawals({ answers }: CrashingProcess, client: ParleyClient): Promise<void> {
  const withdrawn = answers.changes.filter(({ kind, state }) => kind === 'withdraw' && state === 'acknowledged');
  for (const { id } of withdrawn.slice(-WITHDRAWN_AGAIN)) {
    const answer = await client.withdraw(id).catch((error: unknown) => error);
    if (typeof answer === 'object' && answer !== null && 'status' in answer && answer.status !== 'filled') continue;
    throw new Violation(`intention ${id}, withdrawn and acknowledged, is now said to be: ${JSON.stringify(answer)}`);
  }
}

/** By the time of their logs, which never goes back. What fell due during the start is on its way. */
async function expectNoneOverdue(client: ParleyClient, { logs, random }: CrashingProcess): Promise<void> {
  const facts = await LogFacts.readAll(logs);
  const isOverdue = ({ id, expiresAt }: Intention): boolean =>
    expiresAt !== undefined && Date.parse(expiresAt) <= (facts[shardOf(Number(id))]?.latestMs ?? 0);
  const participant = participants[random.below(participants.length)];
  let overdue: Intention | undefined;
  await mustBecome(
    () => `intention ${overdue?.id} is open, though the log is past its end at ${overdue?.expiresAt}`,
    async () => {
      const open = await client.intentions({ participant, status: 'open', limit: 1_000 });
      overdue = open.find(isOverdue);
      return overdue === undefined;
    },
  );
}
