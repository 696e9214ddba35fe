import type { Exchange } from '../../exchange/exchange.js';
import { expectationKinds, failedCount, type Tally } from '../../flow/checks/findings.js';
import type { FlowReport } from '../../flow/play/player.js';
import type { Output } from '../terminal/output.js';
import { printable } from '../terminal/printable.js';
import { grouped } from '../../app/grouped.js';
import { writeFields, writeTable } from '../terminal/table.js';

/** What playing a file gave. */
export type RunReport = Awaited<ReturnType<typeof measureRun>>;

/** Plays a file and measures what that does to the exchange. */
export async function measureRun(exchange: Exchange, play: () => Promise<FlowReport>) {
  const before = exchange.status();
  const startedMs = performance.now();
  const { file, format, instruments, commands, deals, tally, mismatches, skipped } = await play();
  const seconds = (performance.now() - startedMs) / 1_000;
  const { head, intentions: intentionsAfter } = exchange.status();
  const events = head - before.head;
  const intentions = intentionsAfter - before.intentions;
  return {
    ...{ file, format, instruments, commands, intentions, deals },
    /** Appended to the log by it. */
    ...{ events, seconds },
    eventsPerSecond: Math.round(events / seconds),
    intentionsPerSecond: Math.round(intentions / seconds),
    expectations: tally.kinds,
    held: expectationKinds.reduce((sum, kind) => sum + tally.kinds[kind].held, 0),
    failed: failedCount(tally),
    /** LOBSTER: what the exchange made of the executions that it could be asked for. */
    ...(format === 'lobster' ? { executions: executionsOf(tally) } : {}),
    refusalsTolerated: tally.refusalsTolerated,
    rowsSkipped: skipped,
    mismatches,
    /** Position after the last event of the log, and the digest of the exchange’s state there; `parley replay` prints the same. */
    ...{ head, stateDigest: exchange.recorded.digest() },
  };
}

interface Executions {
  readonly asRecorded: number;
  /** With another order, at another price or of another size. */
  readonly otherwise: number;
  readonly notAtAll: number;
}

function executionsOf({ kinds, executionsNotMade }: Tally): Executions {
  const { held, failed } = kinds.execution;
  return { asRecorded: held, otherwise: failed - executionsNotMade, notAtAll: executionsNotMade };
}

function shownExecutions({ asRecorded, otherwise, notAtAll }: Executions): string {
  return `${grouped(asRecorded)} as recorded, ${grouped(otherwise)} otherwise, ${grouped(notAtAll)} not at all`;
}

const SHOWN_INSTRUMENTS = 5;

export async function writeRun(out: Output, report: RunReport): Promise<void> {
  const { colors } = out;
  await out.line(`${colors.bold(printable(report.file))}  (${report.format})`);
  await writeTable(
    out,
    [
      { head: 'expectation', value: ([kind]) => kind },
      { head: 'held', value: ([, { held }]) => grouped(held), align: 'right' },
      { head: 'failed', value: ([, { failed }]) => grouped(failed), align: 'right' },
    ],
    expectationKinds
      .map((kind) => [kind, report.expectations[kind]] as const)
      .filter(([, { held, failed }]) => held + failed > 0),
  );
  await out.line();
  await writeFields(out, fieldsOf(report));
  if (report.failed === 0) return;
  await out.line();
  await out.line(
    colors.red(`${grouped(report.failed)} ${report.failed === 1 ? 'expectation' : 'expectations'} failed`),
  );
  for (const { file, line, expected, got } of report.mismatches) {
    await out.line(printable(`${file}:${line}: expected ${expected}; got ${got}`));
  }
  const more = report.failed - report.mismatches.length;
  if (more > 0) await out.line(`and ${grouped(more)} more`);
}

function fieldsOf(report: RunReport): readonly (readonly [string, string | undefined])[] {
  const skipped = Object.entries(report.rowsSkipped).filter(([, count]) => count > 0);
  const shown = report.instruments.slice(0, SHOWN_INSTRUMENTS).join(', ');
  const more = report.instruments.length - SHOWN_INSTRUMENTS;
  return [
    ['instruments', more > 0 ? `${shown} and ${more} more` : shown],
    ['commands', grouped(report.commands)],
    ['intentions', `${grouped(report.intentions)}, ${grouped(report.intentionsPerSecond)} a second`],
    ['deals', grouped(report.deals)],
    ['executions', report.executions && shownExecutions(report.executions)],
    ['events', `${grouped(report.events)}, ${grouped(report.eventsPerSecond)} a second`],
    ['seconds', report.seconds.toFixed(3)],
    [
      'refusals of intentions from before',
      report.refusalsTolerated > 0 ? grouped(report.refusalsTolerated) : undefined,
    ],
    ['rows skipped', skipped.length > 0 ? skipped.map(([why, count]) => `${why}: ${count}`).join(', ') : undefined],
    ['log head', String(report.head)],
    ['state digest', report.stateDigest],
  ];
}
