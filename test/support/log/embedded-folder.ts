/** A log's folder on disk, as tests of the embedded log make it, look at it and hurt it. */
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedLog, type EmbeddedLogOptions } from '../../../infra/embedded/embedded-log.js';
import type { LogWriter, SealedBatch } from '../../../src/log/port.js';
import { asRead, Sealer, type ReadBatch } from './batches.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

/** One line of a log's own log. */
export interface Said {
  readonly level: 'info' | 'warn' | 'error';
  readonly details: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export class EmbeddedFolder {
  readonly path = temporaryFolder();
  readonly said: Said[] = [];
  /** What must be read from the log. */
  readonly batches: ReadBatch[] = [];
  private readonly sealer = new Sealer();

  log(options: Partial<EmbeddedLogOptions> = {}): EmbeddedLog {
    return new EmbeddedLog({ folder: this.path, log: this.sink, ...options });
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
    return fs
      .readdirSync(this.path)
      .filter((file) => file.endsWith('.log'))
      .sort();
  }

  /** All that is in the folder: names and contents. */
  snapshot(): Map<string, string> {
    const files = fs.readdirSync(this.path).sort();
    return new Map(files.map((file) => [file, this.bytes(file).toString('hex')]));
  }

  bytes(file: string): Buffer {
    return fs.readFileSync(path.join(this.path, file));
  }

  put(file: string, bytes: Uint8Array): void {
    fs.writeFileSync(path.join(this.path, file), bytes);
  }

  remove(file: string): void {
    fs.rmSync(path.join(this.path, file));
  }

  dispose(): void {
    removeFolder(this.path);
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
