/** `npm run bots`: the trading bots of the examples, on a server that is killed; their own record is held against the ledger. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unlessInterrupted } from '../crash/interruption.js';
import { Violation } from '../crash/violation.js';
import { endAll } from '../support/cli/parley.js';
import { Random } from '../support/random.js';
import { ExitCode, numberIn, optionsIn, runRig, say, seedIn, UsageError } from '../support/rig.js';
import { type Fault, faults } from '../reconcile/lying-fetch.js';
import { Ledger } from './ledger.js';
import { Session } from './session.js';
import { differencesBetween, readBlotter } from './statement.js';

const usage = `npm run bots -- [options]

A market maker and an arbitrageur, examples/trading-bots as they are, trade on a real \`parley serve\` that is killed and started again.
They write down each order and each fill; in the end that record, and their positions, must equal the ledger in the log, to the last lot.

  --minutes N      how long (10), with a kill in each --kill-every
  --kills N        so many kills instead
  --kill-every S   seconds; when within them is drawn (30)
  --away S         seconds at most that a killed server stays away (1); after 10 the maker’s switch may lapse
  --seed N         of what is sent to the bots and when the server is killed
  --plant FAULT    something between bots and server lies: ${faults.join(', ')}; it must be found (exit 3)
  --keep           leave the folder with the log and the records
  --help           this
`;

interface BotsOptions {
  readonly kills: number;
  readonly killEveryMs: number;
  readonly mostAwayMs: number;
  readonly seed: number;
  readonly fault: Fault | undefined;
  readonly isKept: boolean;
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-bots-'));
  say(`seed ${options.seed}`);
  try {
    return await unlessInterrupted(trade(folder, options));
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    say(`violated: ${error.message}`);
    return ExitCode.Violated;
  } finally {
    await endAll();
    if (options.isKept) say(folder);
    else fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws Violation where a record differs. */
async function trade(folder: string, { seed, fault, ...kills }: BotsOptions): Promise<number> {
  const session = await Session.start({ folder, random: new Random(seed), fault });
  try {
    await session.trade(kills);
    const found = [...(await session.end()), ...(await compare(session))];
    say(session.summary);
    Violation.throwIfAny(found);
    say('every order, fill and position of the bots is as in the ledger, to the last lot; the audit finds nothing');
    return ExitCode.Fine;
  } finally {
    await session.kill();
  }
}

async function compare({ data, bots }: Session): Promise<readonly string[]> {
  const ledger = new Ledger(data);
  const { deals, findings } = await ledger.audit();
  say(`${deals} deals in the log`);
  const found = [...findings];
  for (const { participant, blotter } of bots) {
    const [own, theirs] = [readBlotter(blotter), await ledger.statementOf(participant)];
    say(`${participant}: ${own.orders.size} orders, ${own.fills.length} fills of ${own.lots} lots`);
    found.push(...differencesBetween(own, theirs).map((difference) => `${participant}: ${difference}`));
  }
  return found;
}

function readOptions(args: readonly string[]): BotsOptions {
  const given = optionsIn(args, {
    ...{ minutes: { type: 'string', default: '10' }, kills: { type: 'string' }, seed: { type: 'string' } },
    ...{ 'kill-every': { type: 'string', default: '30' }, away: { type: 'string', default: '1' } },
    ...{ plant: { type: 'string' }, keep: { type: 'boolean' } },
  });
  const minutes = numberIn('--minutes', given.minutes, 10_000);
  const killEveryS = numberIn('--kill-every', given['kill-every'], 3_600);
  return {
    kills: numberIn('--kills', given.kills ?? String(Math.ceil((minutes * 60) / killEveryS)), 1_000_000),
    killEveryMs: killEveryS * 1_000,
    mostAwayMs: numberIn('--away', given.away, 3_600, 0) * 1_000,
    seed: seedIn(given.seed),
    fault: faultIn(given.plant),
    isKept: given.keep === true,
  };
}

function faultIn(text: string | undefined): Fault | undefined {
  const fault = faults.find((each) => each === text);
  if (text !== undefined && fault === undefined) throw new UsageError(`--plant takes ${faults.join(', ')}`);
  return fault;
}

await runRig('bots', usage, main);
