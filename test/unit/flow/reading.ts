import { Readable } from 'node:stream';
import { FlowError, type FlowErrorCode } from '../../../src/flow/flow-error.js';
import { linesOf, type LineChunk } from '../../../src/flow/text/lines.js';
import { readScript } from '../../../src/flow/script/script.js';
import type { FlowBatch, FlowStep } from '../../../src/flow/step.js';

/** A file made up for a test, in these pieces. */
export function chunksOf(...pieces: readonly (Uint8Array | string)[]): AsyncGenerator<LineChunk, void> {
  const stream = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  return linesOf({ file: 'made-up.txt', stream, totalBytes: undefined });
}

export async function linesIn(chunks: AsyncIterable<LineChunk>): Promise<string[]> {
  const lines: string[] = [];
  for await (const chunk of chunks) lines.push(...chunk.lines);
  return lines;
}

export async function stepsIn(batches: AsyncIterable<FlowBatch>): Promise<FlowStep[]> {
  const steps: FlowStep[] = [];
  for await (const batch of batches) steps.push(...batch.steps);
  return steps;
}

/** The steps of a script made up for a test. */
export function stepsOf(...lines: readonly string[]): Promise<FlowStep[]> {
  return stepsIn(readScript(chunksOf(`${lines.join('\n')}\n`)));
}

/** The FlowError that `work` fails with, or undefined; anything else that it throws, it throws. */
export async function flowErrorOf(work: () => unknown): Promise<FlowError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof FlowError) return error;
    throw error;
  }
}

/** The code and line of the FlowError that `work` fails with. */
export async function failureOf(work: () => unknown): Promise<[FlowErrorCode, number | undefined] | undefined> {
  const error = await flowErrorOf(work);
  return error && [error.code, error.where.line];
}
