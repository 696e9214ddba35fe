import type { LineChunk } from '../text/lines.js';
import { parseFlowLine } from './grammar.js';
import { ScriptBuilder } from './script-builder.js';
import type { FlowBatch } from '../step.js';

/**
 * Turns the lines of recorded order flow into steps, each a command with the expectations that follow it. Steps come in
 * batches, for speed: one for every chunk of lines, and one at the end. Throws a FlowError for lines that are malformed,
 * misplaced, or too many for one step, and for a file without any command.
 */
export async function* readScript(chunks: AsyncIterable<LineChunk>): AsyncGenerator<FlowBatch, void> {
  let builder: ScriptBuilder | undefined;
  let last: LineChunk | undefined;
  for await (const chunk of chunks) {
    last = chunk;
    const { file, firstLineNumber, lines, bytesRead, totalBytes } = chunk;
    builder ??= new ScriptBuilder(file);
    for (let index = 0; index < lines.length; index += 1) {
      const lineNumber = firstLineNumber + index;
      builder.add(parseFlowLine(lines[index] ?? '', { file, line: lineNumber }), lineNumber);
    }
    yield { file, steps: builder.take(), bytesRead, totalBytes };
  }
  if (builder === undefined || last === undefined) return;
  builder.end();
  yield { file: last.file, steps: builder.take(), bytesRead: last.bytesRead, totalBytes: last.totalBytes };
}
