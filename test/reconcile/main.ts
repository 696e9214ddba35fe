/** `npm run reconcile`: kills trading programs and the server, and holds everybody's own books against the exchange's. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ExitCode, numberIn, optionsIn, runRig, say, seedIn, UsageError } from '../support/rig.js';
import { Random } from '../support/random.js';
import { unlessInterrupted } from '../crash/interruption.js';
import { Violation } from '../crash/violation.js';
import { openHistoryTarget } from '../history/scenes/log-targets.js';
import { ServerProcess } from '../history/scenes/server-process.js';
import { type Fault, faults, makeLiar } from './lying-fetch.js';
import { Rounds, type Tally, tallied } from './rounds.js';

const usage = `npm run reconcile -- [options]

Three programs trade with a real \`parley serve\` and keep books by their own streams. They are killed at random, and so is the server. After
each round every program's books must equal its account, its deals and the log, event by event: no gap, nothing twice.

  --rounds N       how many (20); the long dose is 1000
  --seed N         of what is sent and when who is killed
  --plant FAULT    something between programs and server lies: ${faults.join(', ')}; it must be found (exit 3)
  --keep           leave the folder with the log
  --help           this
`;

/** After so many rounds all begin again with an empty log: each round reads the whole of it. */
const ROUNDS_A_LOG = 50;

interface Session {
  readonly rounds: Rounds;
  end(): Promise<void>;
}

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
  const random = new Random(seed);
  let session: Session | undefined;
  const play = async (): Promise<number> => {
    const total: Tally = { rounds: 0, serverKills: 0, programKills: 0, messages: 0, deals: 0 };
    while (total.rounds < rounds) {
      session = await begin(random.split(), fault, given.keep === true);
      await session.rounds.play(Math.min(ROUNDS_A_LOG, rounds - total.rounds));
      for (const name of tallied) total[name] += session.rounds.tally[name];
      await session.end();
      session = undefined;
    }
    const { serverKills, programKills, messages, deals } = total;
    say(
      `${rounds} rounds, ${serverKills} kills of the server, ${programKills} of programs; ${messages} messages, ${deals} deals: all books are equal`,
    );
    return ExitCode.Fine;
  };
  try {
    return await unlessInterrupted(play());
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    say(`violated: ${error.message}`);
    return ExitCode.Violated;
  } finally {
    await session?.end();
  }
}

async function begin(random: Random, fault: Fault | undefined, isKept: boolean): Promise<Session> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-reconcile-'));
  const target = await openHistoryTarget('embedded', folder);
  const server = await ServerProcess.start(target, folder);
  const rounds = new Rounds(server, random, fault === undefined ? undefined : makeLiar(fault).fetch);
  const end = async (): Promise<void> => {
    await rounds.end();
    await server.kill();
    await target.end();
    if (isKept) say(folder);
    else fs.rmSync(folder, { recursive: true, force: true });
  };
  return { rounds, end };
}

function faultIn(text: string | undefined): Fault | undefined {
  const fault = faults.find((each) => each === text);
  if (text !== undefined && fault === undefined) throw new UsageError(`--plant takes ${faults.join(', ')}`);
  return fault;
}

await runRig('reconcile', usage, main);
