import type { Ending } from './scene/ending.js';

/** How often containers ended by themselves, by whom and why: `3 exchange-1: killed for want of memory`, the most frequent first. */
export function countEndings(endings: readonly Ending[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { role, reason } of endings) {
    const what = `${role}: ${reason}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one).map(([what, times]) => `${times} ${what}`);
}
