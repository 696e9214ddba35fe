import { DirectoryFold } from '../directory/directory.js';
import { foldLog, type FoldLogOptions, type ReadableLog } from '../read-models.js';
import type { ChartSubject, SequenceChart } from './chart.js';
import { HandshakeFold } from './handshake-fold.js';
import { directoryNames, type Names } from './names.js';

/** `7` is an intention, `7-2` its second deal. Undefined for anything else. */
export function parseSubject(text: string): ChartSubject | undefined {
  const match = /^([1-9][0-9]{0,14})(?:-([1-9][0-9]{0,14}))?$/.exec(text);
  if (match === null) return undefined;
  const [, id, dealNumber] = match;
  if (dealNumber === undefined) return { intentionId: Number(id) };
  return { deal: { initiatorId: Number(id), dealNumber: Number(dealNumber) } };
}

/** Reads the chart, and the names to show it with (positions with the shard, where it is given), from a log. Undefined when the log knows no such deal or intention. */
export async function readChart(
  log: ReadableLog,
  subject: ChartSubject,
  { shard, ...options }: FoldLogOptions & { readonly shard?: number | undefined } = {},
): Promise<{ chart: SequenceChart; names: Names } | undefined> {
  const fold = new HandshakeFold(subject);
  const directory = new DirectoryFold();
  await foldLog(log, [fold, directory], options);
  const chart = fold.chart();
  return chart === undefined ? undefined : { chart, names: directoryNames(directory, shard) };
}
