/** The other end of log-process.ts: a real process that has the same log. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { until } from '../patience.js';

export interface ChildAnswer {
  readonly epoch?: number;
  readonly head?: number;
  readonly outcome?: string;
  readonly seen?: number;
  readonly error?: string;
}

export class LogChild {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly answers: AsyncIterator<string>;

  private constructor(folder: string) {
    const script = fileURLToPath(new URL('./log-process.ts', import.meta.url));
    this.child = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  static async start(folder: string): Promise<LogChild> {
    const child = new LogChild(folder);
    await child.answer();
    return child;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  tell(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** The next answer; undefined when the process has ended. */
  async answer(): Promise<ChildAnswer | undefined> {
    const next = await this.answers.next();
    return next.done === true ? undefined : (JSON.parse(next.value) as ChildAnswer); // what log-process.ts writes
  }

  async ask(line: string): Promise<ChildAnswer | undefined> {
    this.tell(line);
    return this.answer();
  }

  /** As `kill -STOP` does it. Resolves when it does nothing any more, as far as the system can tell. */
  async stop(): Promise<void> {
    this.child.kill('SIGSTOP');
    if (process.platform !== 'linux') return;
    await until('the process is stopped', () => readFileSync(`/proc/${this.pid}/stat`, 'utf8').includes(') T '));
  }

  goOn(): void {
    this.child.kill('SIGCONT');
  }

  /** As `kill -9` does it. Resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
