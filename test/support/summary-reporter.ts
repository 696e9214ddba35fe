import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a run with every skipped test and its reason, then one line: `N passed, N failed, N skipped`.
 *
 * What fails outside a test (a file that does not load, a hook, an unhandled rejection) counts as failed.
 * With SUMMARY_FILE set, the line is written there as well, for CI to repeat.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.result().state));
    const passedCount = tests.filter((test) => test.result().state === 'passed').length;
    const failedCount = tests.filter((test) => test.result().state === 'failed').length;
    const failedOutside = modules.reduce((sum, module) => sum + errorsOutsideTests(module), unhandledErrors.length);
    const line = `${passedCount} passed, ${failedCount + failedOutside} failed, ${skipped.length} skipped`;

    process.stdout.write(`${skipped.map(describeSkip).join('')}${line}\n`);
    const summaryFile = process.env.SUMMARY_FILE;
    if (summaryFile !== undefined) writeFileSync(summaryFile, `${line}\n`);
  }
}

function errorsOutsideTests(module: TestModule): number {
  const inSuites = [...module.children.allSuites()].reduce((sum, suite) => sum + suite.errors().length, 0);
  return module.errors().length + inSuites;
}

function describeSkip(test: TestCase): string {
  const result = test.result();
  const reason = (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
  return `skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${reason}\n`;
}
