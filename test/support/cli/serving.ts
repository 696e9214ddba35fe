/** `parley serve` in a process of its own. */
import type { ChildProcess } from 'node:child_process';
import { ended, parley, type Ran, type RunOptions, start, type StartOptions } from './parley.js';

/** Each takes the server's own patience several times over. */
const MOST_TRIES = 20;

export class Serving {
  stdout = '';
  stderr = '';
  /** The exit code; -1 when a signal killed it. */
  readonly ended: Promise<number>;
  /** Resolves to its address once it listens. Rejects with what it said when it ended instead. */
  readonly listening: Promise<string>;
  private address: string | undefined;

  private constructor(private readonly child: ChildProcess) {
    this.ended = ended(child);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.listening = this.listen();
    this.listening.catch(() => undefined); // who kills it while it starts does not wait for this
  }

  /** Starts it on a free port. */
  static begin(args: readonly string[], options: StartOptions = {}): Serving {
    return new Serving(start(['serve', '--port', '0', ...args], options));
  }

  /** Starts it on a free port, and resolves once it listens. */
  static async start(...args: readonly string[]): Promise<Serving> {
    const serving = Serving.begin(args);
    await serving.listening;
    return serving;
  }

  get url(): string {
    if (this.address === undefined) throw new Error('the server does not listen yet');
    return this.address;
  }

  /** What killed it, if a signal did. */
  get killedBy(): NodeJS.Signals | undefined {
    return this.child.signalCode ?? undefined;
  }

  /** Runs a verb that talks to it, and again where the server says that what it reads from has not caught up yet. */
  async ask(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    for (let tries = 1; ; tries++) {
      const ran = await parley([...args, '--url', this.url], options);
      const isBehind = ran.code === 1 && ran.stderr.includes('the projections have not yet reached');
      if (!isBehind || tries === MOST_TRIES) return ran;
    }
  }

  /** Sends a signal that does not end it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    this.child.kill(signal);
  }

  /** Sends a signal and resolves to the exit code. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    this.child.kill(signal);
    return this.ended;
  }

  private listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        this.stdout += text;
        this.address ??= /listens on (http:\S+)/.exec(this.stdout)?.[1];
        if (this.address !== undefined) resolve(this.address);
      });
      this.ended.then((code) => {
        reject(new Error(`serve ended with ${code}: ${this.stderr}`));
      }, reject);
    });
  }
}
