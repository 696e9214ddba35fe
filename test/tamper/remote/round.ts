/** A round on a log of its own in Kafka or EventStoreDB: a history, a change, and what the exchange then does. */
import type { Random } from '../../support/random.js';
import { eventually } from '../../crash/violation.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { Feed } from '../feed.js';
import { HELD, judge, type Observation, outcomeOf } from '../judge.js';
import { clientOf, listInstruments, readMarket } from '../market.js';
import { postOn, silenceOf } from '../meanwhile.js';
import { Memory } from '../memory.js';
import type { Round } from '../round.js';
import { Script } from '../script.js';
import { ask, audit, begin, type Begun, STAYS } from '../serve.js';
import { type Done, type Expectation, factsBy, type RemoteOperation } from './operation.js';

/** Where a round takes place. */
export interface Place<Ground> {
  /** Of the round. */
  readonly folder: string;
  /** The server's own folder, in it. */
  readonly data: string;
  /** The options by which a verb finds the log. */
  readonly where: readonly string[];
  readonly ground: Ground;
  readonly random: Random;
  readonly seed: number;
}

const POSTS = 20;
const LAST_POSTS = 5;
const SNAPSHOT_EVERY = 40;
/** A member joins, claims and waits for what is slow in here. */
const READY_MS = 30_000;
const PATIENCE_S = '6';

export async function playRemote<Ground>(place: Place<Ground>, operation: RemoteOperation<Ground>): Promise<Round> {
  const memory = new Memory();
  const script = new Script(place.seed, 'post');
  const serving = await mustServe(place);
  const client = clientOf(serving.url);
  await listInstruments(client);
  await script.play(client, memory, POSTS);
  const findings: string[] = [];
  let done: Done | undefined;
  if (operation.when === 'before') {
    done = await operation.apply(place.ground);
    const { conflicts } = await postOn(serving.url, script, memory); // an answer is a refusal here too
    findings.push(...conflicts);
  } else {
    await script.play(client, memory, LAST_POSTS);
    memory.market = await readMarket(client).catch(() => undefined);
  }
  if (operation.when === 'running') {
    const under = await changeUnder(place, operation, serving, memory, script);
    findings.push(...under.findings);
    done = under.done;
  }
  await eventually('the end of a server', serving.end(place.random.chance(1, 2) ? 'SIGKILL' : 'SIGTERM'));
  done ??= await operation.apply(place.ground);
  const observed = await observeAndUndo(place, operation, done, memory);
  const outcome = outcomeOf(observed.observation);
  return {
    operation: operation.name,
    did: done.did,
    outcome,
    findings: [...findings, ...observed.findings],
    folder: place.folder,
  };
}

async function changeUnder<Ground>(
  place: Place<Ground>,
  operation: RemoteOperation<Ground>,
  serving: Begun['serving'],
  memory: Memory,
  script: Script,
): Promise<{ done: Done; findings: string[] }> {
  const feed = new Feed(serving.url);
  const done = await operation.apply(place.ground);
  const { acknowledged, conflicts, goesOn } = await postOn(serving.url, script, memory);
  const findings = [...conflicts, ...(await silenceOf(feed, acknowledged))];
  if (operation.isNoticed === true && goesOn) findings.push('it goes on, ready and acknowledging');
  await feed.end();
  findings.push(...((await operation.afterwards?.(place.ground, serving.url)) ?? []));
  return { done, findings };
}

async function observeAndUndo<Ground>(
  place: Place<Ground>,
  { expects, afterwards, when }: RemoteOperation<Ground>,
  { did, undo }: Done,
  memory: Memory,
): Promise<{ observation: Observation; findings: string[] }> {
  const asked = when === 'down' ? afterwards : undefined;
  // A shard that is held is opened again and again, with the same outcome until it is released.
  const first = await observe(place, memory, asked, expects === 'held' ? [STAYS, HELD] : [STAYS]);
  const findings = [...judged(expects, did, first.observation), ...first.findings];
  if (undo === undefined) return { observation: first.observation, findings };
  await undo();
  const second = await observe(place, memory, asked, [STAYS]);
  const after = judged('as before', did, second.observation).map((finding) => `after it was undone: ${finding}`);
  return { observation: second.observation, findings: [...findings, ...after, ...second.findings] };
}

function judged(expects: Expectation, did: string, observation: Observation): string[] {
  const { harm, facts } = factsBy(expects, did);
  return judge(harm, facts, observation);
}

async function observe<Ground>(
  place: Place<Ground>,
  memory: Memory,
  afterwards: RemoteOperation<Ground>['afterwards'],
  refusals: readonly string[],
): Promise<{ observation: Observation; findings: string[] }> {
  const audited = await audit([...place.where, '--patience', PATIENCE_S]);
  const begun = await begin(serveArgs(place), { readyMs: READY_MS, refusals });
  const isUp = begun.refusal === undefined;
  const findings = isUp ? ((await afterwards?.(place.ground, begun.serving.url)) ?? []) : [];
  return { observation: { start: await ask(begun, memory), audit: audited }, findings };
}

async function mustServe(place: Place<unknown>): Promise<Begun['serving']> {
  const { serving, refusal } = await begin(serveArgs(place), { readyMs: PATIENCE_MS });
  if (refusal === undefined) return serving;
  throw new Error(`a server does not start on a log that nobody has touched: ${refusal.says}`);
}

function serveArgs({ where, data }: Place<unknown>): string[] {
  return [...where, '--patience', PATIENCE_S, '--data', data, '--snapshot-every', String(SNAPSHOT_EVERY)];
}
