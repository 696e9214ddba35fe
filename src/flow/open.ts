import { readLines, type LineChunk, type ReadOptions } from './text/lines.js';
import { readLobster } from './lobster/lobster.js';
import { noRowsSkipped, type SkippedRows } from './lobster/record.js';
import { looksLikeLobster } from './lobster/lobster-row.js';
import { readScript } from './script/script.js';
import type { FlowBatch } from './step.js';
import { defaultSymbol } from './symbol.js';

export interface OpenOptions extends ReadOptions {
  /** What the file is, instead of finding out. */
  readonly format?: OpenFlow['format'] | undefined;
}

/** A flow whose first lines have been looked at. */
export interface OpenFlow {
  /** `script`: the line format of its own, with expectations. `lobster`: messages of LOBSTER. */
  readonly format: 'script' | 'lobster';
  /** The instrument that it seems to be about. */
  readonly symbol: string;
  /** To be read, once: the file is closed when that ends, at its end or early, by `break` or an error. */
  readonly batches: AsyncGenerator<FlowBatch, void>;
  /** LOBSTER rows skipped so far, by reason; complete once the batches have been read. */
  readonly skipped: Readonly<SkippedRows>;
}

/** How far into a file its format and its header are looked for. */
const PREVIEW_LINES = 1000;

/** Opens a file of order flow (`-`: stdin; gzip or not) and finds out what it is. Throws FlowErrors as `readLines` does. */
export async function openFlow(path: string, options: OpenOptions = {}): Promise<OpenFlow> {
  const chunks = readLines(path, options);
  const seen: LineChunk[] = [];
  const preview: Preview = { comments: [], lineCount: 0, format: undefined };
  while (preview.format === undefined && preview.lineCount < PREVIEW_LINES) {
    const next = await chunks.next();
    if (next.done === true) break;
    seen.push(next.value);
    look(preview, next.value.lines);
  }
  const format = options.format ?? preview.format ?? 'script';
  const skipped = noRowsSkipped();
  const whole = followedBy(seen, chunks);
  return {
    format,
    symbol: defaultSymbol(path, preview.comments),
    batches: format === 'lobster' ? readLobster(whole, skipped) : readScript(whole),
    skipped,
  };
}

interface Preview {
  readonly comments: string[];
  lineCount: number;
  format: OpenFlow['format'] | undefined;
}

function look(preview: Preview, lines: readonly string[]): void {
  for (const line of lines) {
    if (preview.lineCount >= PREVIEW_LINES) return;
    preview.lineCount += 1;
    if (line.startsWith('#')) preview.comments.push(line.slice(1).trim());
    else if (line.trim() !== '') {
      preview.format = looksLikeLobster(line) ? 'lobster' : 'script';
      return;
    }
  }
}

async function* followedBy(seen: LineChunk[], rest: AsyncGenerator<LineChunk, void>): AsyncGenerator<LineChunk, void> {
  try {
    for (let chunk = seen.shift(); chunk !== undefined; chunk = seen.shift()) yield chunk;
    yield* rest;
  } finally {
    await rest.return();
  }
}
