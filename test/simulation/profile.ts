import type { Random } from '../support/random.js';

/** The settings of one seed's simulation: which commands and faults it has, and how often. */
export interface Profile {
  readonly log: 'embedded' | 'memory';
  readonly sync: 'overlapped' | 'inline' | { readonly inlineUpToBytes: number };
  readonly segmentBytes: number;
  readonly clients: number;
  readonly commands: number;
  readonly thinkUs: number;
  readonly prices: number;
  readonly lots: number;
  readonly weights: Readonly<Record<CommandKind, number>>;
  readonly network: NetworkProfile;
  readonly disk: DiskProfile;
  /** How long it takes on average, in microseconds, until the next of each; undefined for never. */
  readonly every: Readonly<Record<FaultKind, number | undefined>>;
  /** How probable it is that a negotiator fails at any one point of its turns. */
  readonly negotiatorFails: number;
  readonly maxRestarts: number;
  /** How probable it is that a crash during a recovery is planned. */
  readonly crashesAgain: number;
}

export type CommandKind =
  'post' | 'market' | 'again' | 'withdraw' | 'reduce' | 'replace' | 'list' | 'phase' | 'uncross' | 'junk';

export type FaultKind = 'kill' | 'power' | 'atCall' | 'restart' | 'zombie' | 'diskFull' | 'clock' | 'snapshot';

export interface NetworkProfile {
  readonly delayUs: number;
  readonly timeoutUs: number;
  readonly losesRequests: number;
  readonly losesAnswers: number;
  readonly doubles: number;
}

export interface DiskProfile {
  readonly writeUs: number;
  readonly syncUs: number;
  readonly syncIsSlow: number;
  readonly syncFails: number;
  readonly writeFails: number;
  readonly writeFallsShort: number;
  /** Of the stand-in log alone: how probable it is that an append's outcome is unknown. */
  readonly appendIsUnknown: number;
}

/** Swarm testing (Groce et al., 2012): each seed leaves some of everything out, so that no fault hides behind another. */
export function drawProfile(random: Random): Profile {
  const some = (probability: number, rate: number): number =>
    random.chance(probability) ? rate * (0.2 + random.fraction()) : 0;
  const often = (probability: number, meanUs: number): number | undefined =>
    random.chance(probability) ? Math.ceil(meanUs * (0.4 + 2 * random.fraction())) : undefined;
  return {
    log: random.chance(0.8) ? 'embedded' : 'memory',
    sync: random.pick(['overlapped', 'overlapped', 'inline', { inlineUpToBytes: 400 }] as const),
    segmentBytes: random.pick([2_000, 4_000, 40_000, 1_000_000]),
    clients: random.between(1, 6),
    commands: random.between(120, 350),
    thinkUs: random.pick([500, 3_000, 10_000]),
    prices: random.between(2, 14),
    lots: random.pick([3, 12, 40]),
    weights: {
      post: 60,
      market: some(0.7, 12),
      again: some(0.8, 8),
      withdraw: some(0.8, 8),
      reduce: some(0.7, 8),
      replace: some(0.7, 14),
      list: some(0.5, 3),
      phase: some(0.6, 10),
      uncross: some(0.8, 8),
      junk: some(0.5, 5),
    },
    network: drawNetwork(random, some),
    disk: drawDisk(random, some),
    every: {
      kill: often(0.5, 400_000),
      power: often(0.6, 400_000),
      atCall: often(0.5, 400_000),
      restart: often(0.3, 600_000),
      zombie: often(0.4, 400_000),
      diskFull: often(0.3, 600_000),
      clock: often(0.5, 60_000),
      snapshot: often(0.6, 300_000),
    },
    negotiatorFails: some(0.5, 0.04),
    maxRestarts: random.pick([0, 1, 3, 1_000_000]),
    crashesAgain: some(0.5, 0.5),
  };
}

type Some = (probability: number, rate: number) => number;

function drawNetwork(random: Random, some: Some): NetworkProfile {
  const delayUs = random.pick([200, 1_000, 8_000]);
  return {
    delayUs,
    timeoutUs: delayUs * 6 + 30_000,
    losesRequests: some(0.5, 0.1),
    losesAnswers: some(0.5, 0.1),
    doubles: some(0.5, 0.1),
  };
}

function drawDisk(random: Random, some: Some): DiskProfile {
  return {
    writeUs: random.pick([20, 200]),
    syncUs: random.pick([150, 1_000, 6_000]),
    syncIsSlow: some(0.4, 0.05),
    syncFails: some(0.3, 0.01),
    writeFails: some(0.3, 0.01),
    writeFallsShort: some(0.4, 0.2),
    appendIsUnknown: some(0.6, 0.02),
  };
}
