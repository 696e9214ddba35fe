/** What each round of a cluster's faults is like, whatever the cluster runs in. */
import { mustBecome } from '../crash/violation.js';
import type { Random } from '../support/random.js';

const FIRST_MS = 1_500;
/** How much is asked in a round at least, over HTTP and through the topic, however slow the machine. */
const LEAST_ACKNOWLEDGED = 60;
const LEAST_WRITTEN = 120;

/** A round that is over. */
export interface Round {
  readonly number: number;
  readonly kind: string;
  readonly seconds: number;
  /** Over HTTP. */
  readonly acknowledged: number;
}

/** How far those who ask have come. */
export interface Progress {
  readonly acknowledged: number;
  readonly written: number;
  /** Every shard that a fault struck has answered since. */
  readonly areOver: boolean;
}

export interface RoundParts {
  readonly random: Random;
  /** How long it lasts at least. */
  readonly seconds: number;
  readonly progress: () => Progress;
  /** Does it, and undoes it. */
  readonly inflict: () => Promise<void>;
  /** Resolves once all is well again. */
  readonly whole: () => Promise<void>;
}

/** Resolves once the fault is undone, all is well, and enough has been asked; a violation when that never comes. */
export async function playRound(number: number, kind: string, parts: RoundParts): Promise<Round> {
  const { random, progress } = parts;
  const beganMs = performance.now();
  const before = progress();
  await sleep(FIRST_MS + random.below(1_000));
  await parts.inflict();
  await parts.whole();
  await mustBecome(
    () => `after the ${kind} too little is answered`,
    () => {
      const { acknowledged, written, areOver } = progress();
      return (
        areOver && acknowledged - before.acknowledged >= LEAST_ACKNOWLEDGED && written - before.written >= LEAST_WRITTEN
      );
    },
  );
  await sleep(Math.max(0, parts.seconds * 1_000 - (performance.now() - beganMs)));
  const seconds = (performance.now() - beganMs) / 1_000;
  return { number, kind, seconds, acknowledged: progress().acknowledged - before.acknowledged };
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
