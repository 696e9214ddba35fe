import { afterAll } from 'vitest';

/**
 * For suites that start something before all their tests. What it returns takes the end of each thing as soon as that has been started:
 * the ends are called after all tests, the latest first, also where the rest could not be started, and whether or not others fail.
 */
export function whenSuiteIsOver(): (end: () => unknown) => void {
  const ends: (() => unknown)[] = [];
  afterAll(async () => {
    const failures: unknown[] = [];
    for (const end of ends.reverse()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'what was started could not be ended');
  });
  return (end) => void ends.push(end);
}
