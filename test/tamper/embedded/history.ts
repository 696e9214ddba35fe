/**
 * The past of one exchange: its folder, as it was at the end of each server process, and all answers that participants received.
 *
 * 1. The folder and its copies are never changed: rounds work on copies of them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Random } from '../../support/random.js';
import { eventually, mustBecome } from '../../crash/violation.js';
import { Serving } from '../../support/cli/serving.js';
import { clientOf, listInstruments, readMarket } from '../market.js';
import { Memory } from '../memory.js';
import { Script } from '../script.js';
import { snapshotsIn } from './folder.js';
import { knownIn } from './known.js';
import { type LogAsLeft, readLogIn } from './log-as-left.js';

export const SNAPSHOT_EVERY = 20;

export interface HistoryPlan {
  readonly seed: number;
  /** What its quantities are multiples of. */
  readonly lots: number;
  /** How many posts each of its server processes takes, one process after the other. */
  readonly postsPerProcess: readonly number[];
}

export interface History {
  /** As the last server left it. */
  readonly folder: string;
  /** As each server left it, the last one too. */
  readonly copies: readonly string[];
  readonly memory: Memory;
  readonly log: LogAsLeft;
}

/** Runs it, in a folder of its own. */
export async function makeHistory(folder: string, { seed, lots, postsPerProcess }: HistoryPlan): Promise<History> {
  const data = path.join(folder, 'data');
  const random = new Random(seed);
  const memory = new Memory();
  const script = new Script(seed, 'post', lots);
  const copies: string[] = [];
  for (const [index, posts] of postsPerProcess.entries()) {
    await runServer(data, memory, script, { posts, isFirst: index === 0, isKilled: random.chance(1, 3) });
    const copy = path.join(folder, `process-${index + 1}`);
    fs.cpSync(data, copy, { recursive: true });
    copies.push(copy);
  }
  const log = readLogIn(data);
  mustBeReadable(data, log);
  return { folder: data, copies, memory, log };
}

interface ServerRun {
  readonly posts: number;
  readonly isFirst: boolean;
  readonly isKilled: boolean;
}

async function runServer(
  data: string,
  memory: Memory,
  script: Script,
  { posts, isFirst, isKilled }: ServerRun,
): Promise<void> {
  const serving = Serving.begin(['--data', data, '--snapshot-every', String(SNAPSHOT_EVERY)]);
  await eventually('the start of a server', serving.listening);
  const client = clientOf(serving.url);
  if (isFirst) await listInstruments(client);
  await script.play(client, memory, posts);
  memory.market = await readMarket(client);
  await mustBecome(
    () => `no snapshot is made in ${data}`,
    () => snapshotsIn(data).length > 0,
  );
  await eventually('the end of a server', serving.end(isKilled ? 'SIGKILL' : 'SIGTERM'));
}

/** A judge that cannot read what lies beside a log would find nothing. */
function mustBeReadable(folder: string, { broken, head }: LogAsLeft): void {
  if (broken !== undefined) throw new Error(`the judge cannot read a log that nobody has touched: ${broken}`);
  const known = knownIn(folder);
  const isKnown = (of: string): boolean =>
    known.some(({ source, position }) => source.startsWith(of) && position <= head);
  for (const of of ['snapshot', 'queries']) {
    if (!isKnown(of)) throw new Error(`the judge cannot read any ${of} in ${folder}: ${JSON.stringify(known)}`);
  }
}
