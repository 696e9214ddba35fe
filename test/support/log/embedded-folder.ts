/** A log's folder, as tests of the embedded log make it, look at it and damage it. */
import { EmbeddedLog, type EmbeddedLogOptions } from '../../../infra/embedded/embedded-log.js';
import type { LogWriter, SealedBatch } from '../../../src/log/port.js';
import { asRead, Sealer, type ReadBatch } from './batches.js';
import { DiskFolder } from '../disk/disk-folder.js';
import type { MemoryFolder } from '../disk/memory-folder.js';

/** One line of a log's own log. */
export interface Said {
  readonly level: 'info' | 'warn' | 'error';
  readonly details: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export class EmbeddedFolder {
  readonly path: string;
  readonly said: Said[] = [];
  /** What must be read from the log. */
  readonly batches: ReadBatch[] = [];
  private readonly sealer = new Sealer();

  /** `place`: on the real disk, unless it is in memory. */
  constructor(private readonly place: DiskFolder | MemoryFolder = new DiskFolder()) {
    this.path = place.path;
  }

  log(options: Partial<EmbeddedLogOptions> = {}): EmbeddedLog {
    return new EmbeddedLog({ folder: this.path, log: this.sink, ...this.place.options, ...options });
  }

  /** Opens, appends batches of so many events (and their BatchSealed), and closes. */
  async write(counts: readonly number[], options: Partial<EmbeddedLogOptions> = {}): Promise<void> {
    const writer = await this.log(options).open();
    for (const count of counts) await this.append(writer, count);
    await writer.close();
  }

  async append(writer: LogWriter, count: number): Promise<void> {
    const batch = this.next(count);
    const outcome = await writer.append(batch);
    if (outcome !== 'appended') throw new Error(outcome, { cause: writer.failure });
    this.batches.push(asRead(batch));
  }

  /** The batch that comes next; it is not expected to be in the log. */
  next(count: number): SealedBatch {
    this.sealer.position = this.head;
    return this.sealer.sealSome(count);
  }

  get head(): number {
    const last = this.batches.at(-1);
    return last === undefined ? 0 : last.firstPosition + last.count;
  }

  get warnings(): Said[] {
    return this.said.filter(({ level }) => level === 'warn');
  }

  /** The segments' files, in the order of the log where there is but one epoch. */
  get segments(): string[] {
    return this.files.filter((file) => file.endsWith('.log'));
  }

  /** The names of all that is in the folder, sorted. */
  get files(): string[] {
    return this.place.names.sort();
  }

  /** All that is in the folder: names and contents. */
  snapshot(): Map<string, string> {
    return new Map(this.files.map((file) => [file, this.bytes(file).toString('hex')]));
  }

  /** A copy of them. */
  bytes(file: string): Buffer {
    return this.place.bytes(file);
  }

  put(file: string, bytes: Uint8Array): void {
    this.place.put(file, bytes);
  }

  remove(file: string): void {
    this.place.remove(file);
  }

  dispose(): void {
    this.place.dispose();
  }

  private readonly sink = {
    info: (details: object, message: string) => this.say('info', details, message),
    warn: (details: object, message: string) => this.say('warn', details, message),
    error: (details: object, message: string) => this.say('error', details, message),
  };

  private say(level: Said['level'], details: object, message: string): void {
    this.said.push({ level, details: { ...details }, message });
  }
}
