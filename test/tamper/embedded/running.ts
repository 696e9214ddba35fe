/** A round on a folder that a server writes: it is changed under it, posted on to, stopped, and then judged like any other. */
import fs from 'node:fs';
import { eventually, mustBecome } from '../../crash/violation.js';
import { Feed } from '../feed.js';
import { judge, type Observation, outcomeOf } from '../judge.js';
import { clientOf } from '../market.js';
import { type Meanwhile, postOn, silenceOf } from '../meanwhile.js';
import type { Posted } from '../memory.js';
import type { Round } from '../round.js';
import { Script } from '../script.js';
import { begin } from '../serve.js';
import { dataOf, examine, type Features, serveArgs } from './down.js';
import { postsInSegments } from './facts.js';
import { claimsIn } from './folder.js';
import { readLogIn } from './log-as-left.js';
import type { Ground } from './operation.js';
import type { RunningOperation } from './running-operations.js';

const POSTS_BEFORE = 5;
const MOST_SEED = 0x7fff_fffe;

/** The folder is a new one, to be removed by the caller. */
export async function playRunning(
  folder: string,
  operation: RunningOperation,
  histories: Omit<Ground, 'folder'>,
  features: Features,
): Promise<Round> {
  const { own, random } = histories;
  const data = dataOf(folder);
  fs.cpSync(own.folder, data, { recursive: true });
  const memory = own.memory.copy();
  const script = new Script(1 + random.below(MOST_SEED), 'late');
  const { serving, refusal } = await begin(serveArgs(data));
  if (refusal !== undefined) throw new Error(`a server does not start on a whole log: ${refusal.says}`);
  await script.play(clientOf(serving.url), memory, POSTS_BEFORE);
  const feed = new Feed(serving.url);
  await mustBecome(
    () => `a feed stops before ${memory.reach}`,
    () => feed.seen.has(memory.reach - 1),
  );
  const isStopped = random.chance(1, 3);
  if (isStopped) serving.signal('SIGSTOP');
  const before = readLogIn(data);
  const ownClaim = claimsIn(data).at(-1) ?? '';
  const did = operation.apply({ ...histories, folder: data });
  if (isStopped) serving.signal('SIGCONT');
  const meanwhile = await postOn(serving.url, script, memory);
  const silence = await silenceOf(feed, meanwhile.acknowledged);
  await eventually('the end of a server after SIGTERM', serving.end());
  await feed.end();
  const nowhere = await inVain(data, meanwhile.acknowledged);
  const couldTell = !meanwhile.goesOn && claimsIn(data).includes(ownClaim);
  const { facts, observation, more } = await examine({ folder, memory, before, features });
  const findings = [
    ...meanwhileFindings(operation, meanwhile),
    ...silence,
    ...nowhere,
    ...judge(operation.harm, facts, observation),
    ...forgotten(couldTell, observation),
    ...more,
  ];
  const remarks = meanwhile.goesOn ? ['went on'] : ['stopped'];
  return { operation: operation.name, did, outcome: outcomeOf(observation), findings, remarks, folder };
}

/** What was acknowledged after the change, and does not stand in the folder when the server has ended. */
async function inVain(data: string, acknowledged: readonly Posted[]): Promise<string[]> {
  const there = await postsInSegments(data);
  const lost = acknowledged.filter(({ intention }) => !there.has(intention.clientIntentionId));
  const [first] = lost;
  if (first === undefined) return [];
  const { clientIntentionId, position } = first.answer;
  const such = `${clientIntentionId}, acknowledged at ${position}`;
  return [
    `${lost.length} of ${acknowledged.length} acknowledgements after the change are for nothing, such as ${such}`,
  ];
}

/** A server that noticed the loss knew how far the log had reached, and had a claim of its own to write it into. */
function forgotten(couldTell: boolean, observation: Observation): string[] {
  if (!couldTell || outcomeOf(observation) !== 'otherwise') return [];
  return ['it noticed the loss and stopped, and the next start serves without what was acknowledged'];
}

function meanwhileFindings({ isNoticed, harm }: RunningOperation, { conflicts, goesOn, reason }: Meanwhile): string[] {
  if (isNoticed && goesOn) return [...conflicts, 'it goes on, ready and acknowledging'];
  if (harm === 'harmless' && !goesOn)
    return [...conflicts, `it stops, and nothing was harmed: ${reason ?? 'not ready'}`];
  return [...conflicts];
}
