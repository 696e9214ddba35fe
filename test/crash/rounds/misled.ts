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

/** The clock jumps ahead by days, back by hours, under load; the next life starts with what it then shows. */
export async function clockJumps(life: CrashingProcess): Promise<void> {
  const serving = await life.start();
  await settle(life, serving);
  await postOneThatStands(life, serving);
  const before = await LogFacts.read(life.log);
  const load = life.load(serving, MOST);
  await life.moment(load, MOST_COMMANDS);
  jump(life, DAY_MS + life.random.below(MOST_DAYS * DAY_MS));
  await life.moment(load, MOST_COMMANDS);
  jump(life, -life.random.below(MOST_HOURS * HOUR_MS));
  await life.moment(load, MOST_COMMANDS);
  load.end();
  await load.over;
  await settle(life, serving);
  let expired = 0;
  await mustBecome(
    () => 'nothing expired, though days went by',
    async () => (expired = (await LogFacts.read(life.log)).expiredCount - before.expiredCount) > 0,
  );
  life.tally.count('expiries', expired);
  await life.kill(serving);
  if (life.random.chance(1, 2)) life.losePower();
}

/** Far from where the others deal, until within an hour: so that something expires however little the load has come to. */
async function postOneThatStands({ answers, nowMs }: CrashingProcess, { url }: Serving): Promise<void> {
  const post = answers.posting({
    ...{ clientIntentionId: `due-${answers.round}`, participant: participants[0], instrument: symbols[0] },
    ...{ side: 'buy', price: '1', quantity: '1', timeInForce: 'gtd' },
    expiresAt: new Date(nowMs() + HOUR_MS).toISOString(),
  });
  answers.acknowledgePost(post, await patientClient(url).postIntention(post.intention));
}

function jump(life: CrashingProcess, byMs: number): void {
  life.faults.set({ clockOffsetMs: life.faults.get('clockOffsetMs') + byMs });
  life.tally.count('jumps of the clock');
}

/** Writes take a part of what they are given, writes and syncs are interrupted; then power is lost. */
export async function writesCutShort(life: CrashingProcess): Promise<void> {
  life.faults.set({ shortPerMille: 300, eintrPerMille: 200 });
  const [shorts, interruptions] = [life.faults.get('shortWrites'), life.faults.get('interruptions')];
  const serving = await life.start();
  await settle(life, serving);
  const load = life.load(serving, MOST);
  await life.moment(load, MOST_COMMANDS);
  await life.kill(serving);
  await load.over;
  life.tally.count('short writes', life.faults.get('shortWrites') - shorts);
  life.tally.count('interruptions', life.faults.get('interruptions') - interruptions);
  life.losePower();
}

/** Syncs do nothing and say that they did: acknowledged commands must be lost, and found to be. */
export async function diskLies(life: CrashingProcess): Promise<void> {
  const serving = await life.start();
  await settle(life, serving);
  life.faults.set({ lies: 1 });
  const load = life.load(serving, MOST);
  await life.moment(load, MOST_COMMANDS);
  await life.kill(serving);
  await load.over;
  life.faults.set({ lies: 0 });
  life.losePower();
}
