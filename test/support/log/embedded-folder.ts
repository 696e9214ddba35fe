/** A log's folder, as tests of the embedded log make it, look at it and hurt it. */
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedLog, type EmbeddedLogOptions } from '../../../infra/embedded/embedded-log.js';
import type { LogWriter, SealedBatch } from '../../../src/log/port.js';
import { asRead, Sealer, type ReadBatch } from './batches.js';
import type { MemoryFolder } from './memory-folder.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

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

  /** On the real disk, unless it is in memory. */
  constructor(private readonly memory?: MemoryFolder) {
    this.path = memory?.path ?? temporaryFolder();
  }

  log(options: Partial<EmbeddedLogOptions> = {}): EmbeddedLog {
    const place = this.memory === undefined ? {} : { files: this.memory.files, host: this.memory.host };
    return new EmbeddedLog({ folder: this.path, log: this.sink, ...place, ...options });
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
    return (this.memory?.names ?? fs.readdirSync(this.path)).sort();
  }

  /** All that is in the folder: names and contents. */
  snapshot(): Map<string, string> {
    return new Map(this.files.map((file) => [file, this.bytes(file).toString('hex')]));
  }

  /** A copy of them. */
  bytes(file: string): Buffer {
    return this.memory === undefined
      ? fs.readFileSync(path.join(this.path, file))
      : Buffer.from(this.memory.bytes(file));
  }

  put(file: string, bytes: Uint8Array): void {
    if (this.memory === undefined) fs.writeFileSync(path.join(this.path, file), bytes);
    else this.memory.put(file, bytes);
  }

  remove(file: string): void {
    if (this.memory === undefined) fs.rmSync(path.join(this.path, file));
    else this.memory.remove(file);
  }

  dispose(): void {
    if (this.memory === undefined) removeFolder(this.path);
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
