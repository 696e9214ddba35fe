import type { ReadModel } from '../../../../projections/model/read-model.js';
import { LookError, type Point } from '../../../../projections/moments/look.js';
import { Moments } from '../../../../projections/moments/moments.js';
import { ParleyError } from '../../../client/wire/error.js';
import type { MakeSha256 } from '../../../log/sha256.js';
import type { Asked } from '../../source/source.js';
import { type Intake, LogIntake } from './intake.js';
import type { KeptModels } from './kept-models.js';
import { linesOf } from './lines.js';

export interface OpenOptions {
  readonly sha256: MakeSha256;
  /** Receives how many bytes of the file have been read, now and then. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where the models go that shorten the way to past moments. */
  readonly models?: KeptModels | undefined;
}

/** Models of a file are made without haste: nobody else waits for them. */
const NO_DEADLINE = Number.POSITIVE_INFINITY;

/** An exported log that has been read whole: its events, the model of its end, and what is over, to be told as of any moment. */
export class LogFile {
  private readonly moments: Moments;

  private constructor(
    private readonly intake: LogIntake,
    readonly told: Intake,
    readonly sha256: MakeSha256,
  ) {
    const { store, models } = intake;
    this.moments = new Moments(store, models, { mostEvents: Number.POSITIVE_INFINITY });
  }

  /**
   * Reads a file, gzip or not, as `parley log export` wrote it. One that was cut short is taken as far as it goes. Throws LogFileError, or the
   * signal’s reason.
   */
  static async open(file: Blob, { sha256, onProgress, signal, models }: OpenOptions): Promise<LogFile> {
    const intake = new LogIntake(sha256, models);
    let cutLine: number | undefined;
    for await (const { lines, firstLine, bytesRead, isCut } of linesOf(file, signal)) {
      for (const [index, text] of lines.entries()) {
        if (text.trim() === '') continue;
        const line = firstLine + index;
        if (isCut && !isJson(text)) cutLine = line;
        else intake.add(text, line);
      }
      onProgress?.(bytesRead);
    }
    return new LogFile(intake, intake.finish(cutLine), sha256);
  }

  /** Position after its last event. */
  get head(): number {
    return this.told.head;
  }

  /** The events, as any log has them. */
  get log() {
    return this.intake.store;
  }

  /** What is over, and the model of the end: to be read, and not changed. */
  get end() {
    return this.intake.fold;
  }

  /** The position that a moment is before: the head where none is named. Throws ParleyError for one beyond it, or none. */
  async positionOf(asked: Asked): Promise<number> {
    try {
      return await this.moments.positionOf(pointIn(asked), this.head);
    } catch (error) {
      throw error instanceof LookError ? new ParleyError(409, error.code, error.message) : error;
    }
  }

  /** How things stood at a moment: a model that nobody may change. */
  async modelAt(asked: Asked): Promise<ReadModel> {
    const position = await this.positionOf(asked);
    return position === this.head ? this.end : this.moments.modelAt(position, NO_DEADLINE);
  }

  /** For what is told from the log between two moments. */
  async telling<Told>(
    asked: Asked,
    tell: (moments: Moments, telling: { until: number; deadlineMs: number; shard: undefined }) => Promise<Told>,
  ): Promise<{ readonly told: Told; readonly until: number }> {
    const until = await this.positionOf(asked);
    return { told: await tell(this.moments, { until, deadlineMs: NO_DEADLINE, shard: undefined }), until };
  }
}

function pointIn({ at, atTime }: Asked): Point | undefined {
  if (at !== undefined) {
    if (!Number.isSafeInteger(at) || at < 0) throw new ParleyError(400, 'INVALID_COMMAND', 'at: a position');
    return { position: at };
  }
  if (atTime === undefined) return undefined;
  const atMs = Date.parse(atTime);
  if (Number.isNaN(atMs)) throw new ParleyError(400, 'INVALID_COMMAND', 'atTime: a time by RFC 3339');
  return { atMs };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
