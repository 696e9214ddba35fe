import { median, rounded } from '../statistics.js';

/** How fast durable intentions came in a stretch, and what one cost the whole process in processor time. */
export interface Pace {
  readonly perSecond: number;
  readonly cpuNanoseconds: number;
}

/** What `work` came to, which resolves to how many became durable a second. */
export async function paceOf(
  work: () => Promise<{ readonly perSecond: number; readonly intentions: number }>,
): Promise<Pace> {
  const before = process.cpuUsage();
  const { perSecond, intentions } = await work();
  const { user, system } = process.cpuUsage(before);
  return { perSecond, cpuNanoseconds: (1_000 * (user + system)) / intentions };
}

/** Of two to one, by turns: how many times as fast two are, and what each does. */
export function compared(one: readonly Pace[], two: readonly Pace[]): object {
  const ratios = two.map(({ perSecond }, round) => perSecond / (one[round]?.perSecond ?? Number.NaN));
  const medians = (of: (pace: Pace) => number): object => ({
    one: rounded(median(one.map(of))),
    two: rounded(median(two.map(of))),
  });
  return {
    ratioTwoToOne: rounded(median(ratios), 3),
    ratios: ratios.map((ratio) => rounded(ratio, 3)),
    intentionsPerSecond: medians(({ perSecond }) => perSecond),
    cpuNanosecondsPerIntention: medians(({ cpuNanoseconds }) => cpuNanoseconds),
  };
}
