/** `npm run reconcile`: kills trading programs and the server, and holds everybody's own books against the exchange's. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ExitCode, numberIn, optionsIn, runRig, say, seedIn, UsageError } from '../support/rig.js';
import { Random } from '../support/random.js';
import { unlessInterrupted } from '../crash/interruption.js';
import { Violation } from '../crash/violation.js';
import { openHistoryTarget } from '../history/log-targets.js';
import { ServerProcess } from '../history/server-process.js';
import { type Fault, faults, lyingFetch } from './lying-fetch.js';
import { Rounds } from './rounds.js';

const usage = `npm run reconcile -- [options]

Three programs trade with a real \`parley serve\` and keep books by their own streams. They are killed at random, and so is the server. After
each round every program's books must equal its account, its deals and the log, event by event: no gap, nothing twice.

  --rounds N       how many (20); the long dose is 1000
  --seed N         of what is sent and when who is killed
  --plant FAULT    something between programs and server lies: ${faults.join(', ')}; it must be found (exit 3)
  --keep           leave the folder with the log
  --help           this
`;

async function main(args: readonly string[]): Promise<number> {
  const given = optionsIn(args, {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    plant: { type: 'string' },
    keep: { type: 'boolean' },
  });
  const rounds = numberIn('--rounds', given.rounds, 100_000);
  const seed = seedIn(given.seed);
  const fault = faultIn(given.plant);
  say(`seed ${seed}`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-reconcile-'));
  const target = await openHistoryTarget('embedded', folder);
  const server = await ServerProcess.start(target, folder);
  const all = new Rounds(server, new Random(seed), fault === undefined ? undefined : lyingFetch(fault));
  try {
    return await unlessInterrupted(play(all, rounds));
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    say(`violated: ${error.message}`);
    return ExitCode.Violated;
  } finally {
    await all.end();
    await server.kill();
    await target.end();
    if (given.keep === true) say(folder);
    else fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws Violation where books differ. */
async function play(all: Rounds, rounds: number): Promise<number> {
  await all.begin();
  for (let round = 0; round < rounds; round++) await all.round();
  const { serverKills, programKills, messages, deals } = all.tally;
  say(
    `${rounds} rounds, ${serverKills} kills of the server, ${programKills} of programs; ${messages} messages, ${deals} deals: all books are equal`,
  );
  return ExitCode.Fine;
}

function faultIn(text: string | undefined): Fault | undefined {
  const fault = faults.find((each) => each === text);
  if (text !== undefined && fault === undefined) throw new UsageError(`--plant takes ${faults.join(', ')}`);
  return fault;
}

await runRig('reconcile', usage, main);
