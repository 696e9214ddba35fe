/**
 * How large a dose of random trials the properties get.
 *
 * The default dose is small, so that all tests together stay quick. A longer one is had by a factor: `PARLEY_RUNS=20 npx vitest run
 * test/property` tries each property twenty times as often, and gives each test twenty times as long. What fails prints its seed and path,
 * which fast-check takes back: `fc.assert(property, { seed, path })`.
 */
const asked = Number(process.env.PARLEY_RUNS ?? 1);
const dose = Number.isFinite(asked) && asked > 0 ? asked : 1;

/** How often to try a property that is tried so often in the default dose. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: Math.max(1, Math.round(count * dose)) };
}
