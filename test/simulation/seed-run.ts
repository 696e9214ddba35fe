import { SimulationFailure } from './checks/failure.js';
import { drawProfile } from './profile.js';
import { Random } from '../support/random.js';
import { Simulation } from './simulation.js';
import { Trace } from './trace.js';
import type { Tally } from './checks/tally.js';
import { World } from './world/world.js';

/** What a run of one seed came to. */
export interface SeedReport {
  readonly seed: number;
  readonly tally: Tally;
  /** Of the whole trace: two runs of one seed have the same. */
  readonly digest: string;
  readonly failure: SeedFailure | undefined;
}

/** So many seeds are run twice: one in twenty. */
const TWICE_EVERY = 20;

/** Runs a seed; one in twenty a second time, and a run that then differs is a failure of its own. */
export async function runSeedAndRepeat(seed: number): Promise<SeedReport> {
  const report = await runSeed(seed);
  if (seed % TWICE_EVERY !== 0 || report.failure !== undefined) return report;
  const again = await runSeed(seed);
  if (again.digest === report.digest) return report;
  const what = 'two runs of this seed differ: something does not depend on the seed alone';
  return { ...report, failure: { step: 0, what, details: `${report.digest}\n${again.digest}`, trace: [] } };
}

export interface SeedFailure {
  /** How many lines the trace had by then. */
  readonly step: number;
  readonly what: string;
  readonly details: string;
  /** The trace's last lines. */
  readonly trace: readonly string[];
}

/** Runs one seed; `hear` receives each line of its trace. */
export async function runSeed(seed: number, hear?: (line: string) => void): Promise<SeedReport> {
  const trace = new Trace(hear);
  const random = new Random(seed);
  const profile = drawProfile(random.split());
  const world = new World(random.split(), trace);
  trace.tell(`profile ${JSON.stringify(profile)}`);
  let failure: SeedFailure | undefined;
  const fail = (error: unknown): void => {
    world.fail(error);
  };
  process.on('unhandledRejection', fail);
  try {
    await new Simulation(world, profile).run();
  } catch (error) {
    failure = describe(error, trace);
    trace.tell(failure.what);
  } finally {
    process.off('unhandledRejection', fail);
  }
  return { seed, tally: world.tally, digest: trace.digest(), failure };
}

function describe(error: unknown, trace: Trace): SeedFailure {
  const what = error instanceof Error ? error.message : String(error);
  const details = error instanceof SimulationFailure ? show(error.details) : stackOf(error);
  return { step: trace.length, what, details, trace: trace.end };
}

function show(details: unknown): string {
  if (details === undefined) return '';
  return typeof details === 'string' ? details : JSON.stringify(details, undefined, 2);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
