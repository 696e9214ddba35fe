import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

const SLOWEST = 10;

/** A test, or what stands around tests, that failed. */
export interface Failure {
  /** File and full name of a test; a file alone for what failed outside its tests. */
  readonly where: string;
  readonly message: string;
}

/** What RESULTS_FILE is given as JSON. */
export interface RunResults {
  readonly line: string;
  readonly failures: readonly Failure[];
}

/**
 * Ends a run with the slowest files, every skipped test and its reason, then one line: `N passed, N failed, N skipped`.
 *
 * What fails outside a test (a file that does not load, a hook, an unhandled rejection) counts as failed.
 * With SUMMARY_FILE set, the line is written there as well, for CI to repeat; with RESULTS_FILE, what failed.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.result().state));
    const passedCount = tests.filter((test) => test.result().state === 'passed').length;
    const failures = [
      ...tests.filter((test) => test.result().state === 'failed').map(failureOf),
      ...modules.flatMap(failuresOutsideTests),
      ...unhandledErrors.map((error) => ({ where: 'outside the files', message: messageOf(error) })),
    ];
    const line = `${passedCount} passed, ${failures.length} failed, ${skipped.length} skipped`;

    process.stdout.write(`${slowestFiles(modules)}${skipped.map(describeSkip).join('')}${line}\n`);
    const { SUMMARY_FILE, RESULTS_FILE } = process.env;
    if (SUMMARY_FILE !== undefined) writeFileSync(SUMMARY_FILE, `${line}\n`, { flag: 'a' });
    const results: RunResults = { line, failures };
    if (RESULTS_FILE !== undefined) writeFileSync(RESULTS_FILE, JSON.stringify(results));
  }
}

function failureOf(test: TestCase): Failure {
  const { errors } = test.result();
  return { where: `${test.module.relativeModuleId} > ${test.fullName}`, message: messageOf(errors?.[0]) };
}

function failuresOutsideTests(module: TestModule): Failure[] {
  const inSuites = [...module.children.allSuites()].flatMap((suite) => suite.errors());
  return [...module.errors(), ...inSuites].map((error) => ({
    where: module.relativeModuleId,
    message: messageOf(error),
  }));
}

function messageOf(error: Pick<SerializedError, 'message'> | undefined): string {
  return error?.message ?? 'no message';
}

/** Where the time went, hooks included: each file with the seconds that it took. */
function slowestFiles(modules: readonly TestModule[]): string {
  return modules
    .map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map(({ file, ms }) => `slowest: ${(ms / 1_000).toFixed(1).padStart(6)} s  ${file}\n`)
    .join('');
}

function describeSkip(test: TestCase): string {
  const result = test.result();
  const reason = (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
  return `skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${reason}\n`;
}
