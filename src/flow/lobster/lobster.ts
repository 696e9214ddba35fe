import { FlowError } from '../flow-error.js';
import type { FlowBatch, FlowStep } from '../step.js';
import type { LineChunk } from '../text/lines.js';
import { parseLobsterRow } from './lobster-row.js';
import { LobsterRecord, type SkippedRows, stepOf } from './record.js';

/**
 * Turns the rows of a LOBSTER message file (https://lobsterdata.com/info/DataStructure.php) into steps. A new order is a post that must not
 * deal; a partial cancellation a reduction; a deletion a withdrawal; an execution of a visible order an immediate post of the opposite side,
 * of that size at that price, under the id `x<line>`, which must deal with that order and with no other. What is skipped is added to
 * `skipped`. Throws a FlowError for a malformed row, or a file without any row.
 */
export async function* readLobster(
  chunks: AsyncIterable<LineChunk>,
  skipped: SkippedRows,
): AsyncGenerator<FlowBatch, void> {
  const record = new LobsterRecord(skipped);
  let hasRows = false;
  let file = '';
  for await (const chunk of chunks) {
    const steps: FlowStep[] = [];
    file = chunk.file;
    for (let index = 0; index < chunk.lines.length; index += 1) {
      const where = { file, line: chunk.firstLineNumber + index };
      const row = parseLobsterRow(chunk.lines[index] ?? '', where);
      if (row === undefined) continue;
      if (!hasRows) steps.push(stepOf(1, { kind: 'scenario', name: undefined, initialPhase: 'continuous' }));
      hasRows = true;
      for (const step of record.apply(row, where)) steps.push(step);
    }
    yield { file, steps, bytesRead: chunk.bytesRead, totalBytes: chunk.totalBytes };
  }
  if (!hasRows) throw new FlowError('FLOW_EMPTY', { file }, 'holds no message');
}
