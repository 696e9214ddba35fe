/** Rounds in which the server is misled: by its clock, by writes that are cut short, by a disk that lies. */
import type { Serving } from '../../support/cli/serving.js';
import type { CrashingProcess } from '../process.js';
import { LogFacts } from '../log-facts.js';
import { participants, symbols } from '../orders.js';
import { patientClient } from '../patient-client.js';
import { settle } from '../settling.js';
import { mustBecome } from '../violation.js';

const MOST = 1_000;
const MOST_COMMANDS = 200;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_DAYS = 4;
const MOST_HOURS = 8;

/** The clock jumps ahead by days, back by hours, under load; the next process starts with what it then shows. */
export async function clockJumps(run: CrashingProcess): Promise<void> {
  const serving = await run.start();
  await settle(run, serving);
  await postOneThatStands(run, serving);
  const before = await expiredIn(run);
  const load = run.load(serving, MOST);
  await run.moment(load, MOST_COMMANDS);
  jump(run, DAY_MS + run.random.below(MOST_DAYS * DAY_MS));
  await run.moment(load, MOST_COMMANDS);
  jump(run, -run.random.below(MOST_HOURS * HOUR_MS));
  await run.moment(load, MOST_COMMANDS);
  load.end();
  await load.over;
  await settle(run, serving);
  let expired = 0;
  await mustBecome(
    () => 'nothing expired, though days went by',
    async () => (expired = (await expiredIn(run)) - before) > 0,
  );
  run.tally.count('expiries', expired);
  await run.kill(serving);
  if (run.random.chance(1, 2)) run.losePower();
}

/**
 * Far from where the others deal, until before the next jump ahead ends: so that something expires however little the load has come to.
 * After a jump back the log's time is ahead of the clock by as much, and goes on from there.
 */
async function postOneThatStands({ answers, nowMs }: CrashingProcess, { url }: Serving): Promise<void> {
  const post = answers.posting({
    ...{ clientIntentionId: `due-${answers.round}`, participant: participants[0], instrument: symbols[0] },
    ...{ side: 'buy', price: '1', quantity: '1', timeInForce: 'gtd' },
    expiresAt: new Date(nowMs() + (MOST_HOURS + 1) * HOUR_MS).toISOString(),
  });
  answers.acknowledgePost(post, await patientClient(url).postIntention(post.intention));
}

/** How many intentions have expired so far. */
async function expiredIn({ logs }: CrashingProcess): Promise<number> {
  const facts = await LogFacts.readAll(logs);
  return facts.reduce((sum, { expiredCount }) => sum + expiredCount, 0);
}

function jump(run: CrashingProcess, byMs: number): void {
  run.faults.set({ clockOffsetMs: run.faults.get('clockOffsetMs') + byMs });
  run.tally.count('jumps of the clock');
}

/** Writes take a part of what they are given, writes and syncs are interrupted; then power is lost. */
export async function writesCutShort(run: CrashingProcess): Promise<void> {
  run.faults.set({ shortPerMille: 300, eintrPerMille: 200 });
  const [shorts, interruptions] = [run.faults.get('shortWrites'), run.faults.get('interruptions')];
  const serving = await run.start();
  await settle(run, serving);
  const load = run.load(serving, MOST);
  await run.moment(load, MOST_COMMANDS);
  await run.kill(serving);
  await load.over;
  run.tally.count('short writes', run.faults.get('shortWrites') - shorts);
  run.tally.count('interruptions', run.faults.get('interruptions') - interruptions);
  run.losePower();
}

/** Syncs do nothing and say that they did: acknowledged commands must be lost, and found to be. */
export async function diskLies(run: CrashingProcess): Promise<void> {
  const serving = await run.start();
  await settle(run, serving);
  run.faults.set({ lies: 1 });
  const load = run.load(serving, MOST);
  await run.moment(load, MOST_COMMANDS);
  await run.kill(serving);
  await load.over;
  run.faults.set({ lies: 0 });
  run.losePower();
}
