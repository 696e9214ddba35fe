/** Checks whether a cluster kept its promises: compares its logs and topics with what was asked and answered. */
import type { ParleyClient, PostAnswer } from '../../../src/client/index.js';
import type { Random } from '../../support/random.js';
import { nameOf, type Post } from '../../crash/answers.js';
import { compare } from '../../crash/comparison.js';
import { expectCleanAudit, expectWholeLedger } from '../../crash/conclusion.js';
import { LogFacts } from '../../crash/log-facts.js';
import { patientClient } from '../../crash/patient-client.js';
import { mustBecome, Violation } from '../../crash/violation.js';
import type { Asked, Command } from './asked.js';
import type { JudgedCluster } from './judged-cluster.js';
import type { ClusterLogs } from '../cluster-logs.js';
import { oneOf } from '../market.js';
import { readTopics, type TopicFacts } from './topic-facts.js';

export interface CheckResult {
  /** Acknowledgements that clients received during the run. */
  readonly acknowledged: number;
  readonly events: number;
  readonly intentions: number;
  readonly deals: number;
  /** Posts and changes whose outcome nobody received. */
  readonly done: number;
  readonly undone: number;
  readonly repeated: number;
  readonly deadLetters: number;
  readonly forwarded: number;
}

const LOOK_EACH_MS = 500;
const REPEATED_AT_ONCE = 500;

/** Throws a Violation with all that was found. The load must be over. */
export async function judge(cluster: JudgedCluster, asked: Asked, random: Random): Promise<CheckResult> {
  // Members that were asked may still hand on what their clients have given up.
  await cluster.restartAll();
  const topics = await whenTaken(cluster.logs, asked.shards);
  const { facts, ended } = await holdAgainst(cluster, asked);
  Violation.throwIfAny([
    ...asked.commands.flatMap((command) => findingsOf(command, topics, facts)),
    ...cluster.surprises(),
  ]);
  const { acknowledged } = asked;
  const repeated = await repeat(cluster, asked, facts, random);
  await holdAgainst(cluster, asked);
  let deals = 0;
  for (let shard = 0; shard < asked.shards; shard++) deals += await dealsOfSound(cluster.logs.where(shard));
  return {
    events: facts.reduce((sum, { head }) => sum + head, 0),
    intentions: facts.reduce((sum, { posts }) => sum + posts.size, 0),
    deals,
    ...ended,
    acknowledged,
    repeated,
    deadLetters: [...topics.deadLetters.values()].reduce((sum, codes) => sum + codes.length, 0),
    forwarded: topics.forwarded.size,
  };
}

/** The topics once every command in them has been taken. */
async function whenTaken(logs: ClusterLogs, shards: number): Promise<TopicFacts> {
  let topics = await readTopics(logs, shards);
  const areTaken = async (): Promise<boolean> => {
    const wereTaken = topics.untaken.length === 0;
    topics = await readTopics(logs, shards);
    // What was sent on is there once its original has been taken, but may have come to a shard that had been read by then.
    return wereTaken && topics.untaken.length === 0;
  };
  await mustBecome(() => `commands are not taken: ${topics.untaken.join(', ')}`, areTaken, LOOK_EACH_MS);
  return topics;
}

async function holdAgainst(cluster: JudgedCluster, { perShard }: Asked) {
  const findings: string[] = [];
  const facts: LogFacts[] = [];
  const ended = { done: 0, undone: 0 };
  for (const [shard, answers] of perShard.entries()) {
    const log = cluster.logs.log(shard);
    const read = await LogFacts.read(log).finally(() => log.close());
    const comparison = compare(answers, read);
    findings.push(...comparison.findings.map((finding) => `shard ${shard}: ${finding}`));
    ended.done += comparison.done;
    ended.undone += comparison.undone;
    facts.push(read);
  }
  Violation.throwIfAny(findings);
  return { facts, ended };
}

/** What was written is there, and led to what it must, once. To be asked after `holdAgainst`, which tells how changes ended. */
function findingsOf(
  command: Command,
  { written, forwarded, deadLetters }: TopicFacts,
  facts: readonly LogFacts[],
): string[] {
  const { id, says, expected, isWritten, isMisplaced } = command;
  const copies = written.get(id) ?? 0;
  const codes = deadLetters.get(id) ?? [];
  const found: string[] = [];
  if (isWritten && copies === 0) found.push('was acknowledged by the broker, and is not in the topic');
  if (copies > 1) found.push(`stands in the topic ${copies} times: its producer is at fault`);
  const sentOn = forwarded.get(id) ?? 0;
  const isWronglySent = expected.kind !== 'deadLetter' && sentOn !== (isMisplaced ? copies : 0);
  if (isWronglySent) found.push(`was sent on to another shard ${sentOn} times`);
  if (codes.includes('')) found.push('is a dead letter without a code');
  const events = expected.kind === 'change' && expected.change.state === 'acknowledged' ? 1 : 0;
  const wantedDeadLetters = expected.kind === 'post' ? 0 : copies - events;
  if (codes.length !== wantedDeadLetters)
    found.push(`led to ${events} events of a change and to dead letters [${codes.join(', ')}]`);
  if (expected.kind === 'post' && copies > 0 && !isPosted(expected.post, facts)) found.push('is not posted');
  return found.map((finding) => `command ${id} (${says}) ${finding}`);
}

/** Every post that is in the log, asked for again: the answers are what they were, and what the log says. */
async function repeat(
  cluster: JudgedCluster,
  asked: Asked,
  facts: readonly LogFacts[],
  random: Random,
): Promise<number> {
  const found = asked.posts.filter((post) => isPosted(post, facts));
  for (let first = 0; first < found.length; first += REPEATED_AT_ONCE) {
    const { url } = oneOf(cluster.members, random);
    const client = patientClient(url, undefined, cluster.key);
    let left = found.slice(first, first + REPEATED_AT_ONCE);
    const areAnswered = async (): Promise<boolean> => (left = await repeatAll(client, asked, left)).length === 0;
    await mustBecome(() => `${left.length} posts, repeated when all is well, are not answered`, areAnswered);
  }
  return found.length;
}

/** Returns those whose shard nobody served just then, as on a machine on which members stand still by themselves. */
async function repeatAll(client: ParleyClient, asked: Asked, posts: readonly Post[]): Promise<Post[]> {
  const left: Post[] = [];
  let answered = 0;
  for await (const answer of client.postIntentions(posts.map(({ intention }) => intention))) {
    const post = posts[answered++];
    if (post === undefined) continue;
    if (!answer.ok && answer.status >= 500) left.push(post);
    else takeAnswer(asked, post, answer);
  }
  if (answered !== posts.length) throw new Violation(`of ${posts.length} repeated posts ${answered} were answered`);
  return left;
}

function isPosted({ intention }: Post, facts: readonly LogFacts[]): boolean {
  return facts.some(({ posts }) => posts.has(intention.clientIntentionId));
}

function takeAnswer(asked: Asked, post: Post, answer: PostAnswer): void {
  const answers = asked.answersOf(post.intention.instrument);
  if (answer.ok) answers.acknowledgePost(post, answer.intention);
  else throw new Violation(`${nameOf(post)}, repeated when all is well, gets ${answer.code}: ${answer.detail}`);
}

/** How many deals a log has that the tools find nothing wrong with: I6, I11, and all that the audit checks. */
async function dealsOfSound(where: readonly string[]): Promise<number> {
  await expectCleanAudit(where);
  const whole = await expectWholeLedger(where);
  return whole.dealsConfirmed;
}
