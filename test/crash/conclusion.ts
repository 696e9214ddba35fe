/** The checks of a log that went through many crashes, by the command line's own tools. */
import { jsonLines, parley, type Ran } from '../support/cli/parley.js';
import type { CrashingProcess } from './process.js';
import { settle } from './settling.js';
import { PATIENCE_MS } from '../support/patience.js';
import { eventually, Violation } from './violation.js';

/** Starts the server once more, repeats everything, ends it as an operator would, and has the log checked. */
export async function conclude(run: CrashingProcess): Promise<void> {
  const serving = await run.start();
  await settle(run, serving, { isThorough: true });
  const code = await eventually('the end of a server after SIGTERM', serving.end('SIGTERM'));
  if (code !== 0) throw new Violation(`a server that received SIGTERM ended with ${code}: ${serving.stderr}`);
  const audit = await expectCleanAudit(run.where);
  // A server that takes over must leave the tail of another that may still write it.
  if (!run.hasTakenOver && audit.includes('torn tail')) throw new Violation(`a torn tail was not cut back:\n${audit}`);
  for (const where of run.whereOfEach) await expectWholeLedger(where);
}

/** Of the log that these options name. Returns what the audit says. */
export async function expectCleanAudit(where: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tool(['audit', ...where]);
  if (code !== 0) throw new Violation(`the audit ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

export interface Replay {
  readonly head: number;
  readonly dealsConfirmed: number;
  readonly stateDigest: string;
  readonly dealsInFlight: number;
  readonly lateDecisions: number;
  readonly positions: readonly { readonly instrument: string; readonly net: string; readonly cash: string }[];
}

/** I6 and I11: what was bought was sold, and nothing is under way. Of the log that these options name; returns the replay. */
export async function expectWholeLedger(where: readonly string[]): Promise<Replay> {
  const { code, stdout, stderr } = await tool(['replay', ...where, '--json']);
  if (code !== 0) throw new Violation(`the replay ended with ${code}: ${stderr}`);
  const [replay] = jsonLines(stdout) as unknown as [Replay]; // what `replay --json` prints
  if (replay.dealsInFlight !== 0) throw new Violation(`${replay.dealsInFlight} deals are in flight at the end`);
  const net = new Map<string, number>();
  let cash = 0;
  for (const position of replay.positions) {
    net.set(position.instrument, (net.get(position.instrument) ?? 0) + Number(position.net));
    cash += Number(position.cash);
  }
  const unbalanced = [...net, ['cash', cash] as const].filter(([, sum]) => sum !== 0);
  if (unbalanced.length > 0) throw new Violation(`the ledger does not sum to zero: ${JSON.stringify(unbalanced)}`);
  return replay;
}

/** Runs a verb to its end, which must come: one that hangs is killed, and is a broken promise like others. */
async function tool(args: readonly string[]): Promise<Ran> {
  let timer: NodeJS.Timeout | undefined;
  const ran = await parley(args, {
    during: (child) => {
      timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    },
  });
  clearTimeout(timer);
  if (ran.code === -1) {
    throw new Violation(`parley ${args.join(' ')} was killed, or did not end; it had said:\n${ran.stdout}`);
  }
  return ran;
}
