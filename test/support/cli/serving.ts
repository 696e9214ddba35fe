/** `parley serve` in a process of its own. */
import type { ChildProcess } from 'node:child_process';
import { ended, parley, type Ran, type RunOptions, start } from './parley.js';

export class Serving {
  stderr = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Starts it on a free port, and resolves once it listens. Throws what it said when it ended instead. */
  static async start(...args: readonly string[]): Promise<Serving> {
    const child = start(['serve', '--port', '0', ...args]);
    let stdout = '';
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        const found = /listens on (http:\S+)/.exec(stdout)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('close', (code) => {
        reject(new Error(`serve ended with ${code}: ${stderr}`));
      });
    });
    const serving = new Serving(child, url);
    child.stderr?.on('data', (text: string) => (serving.stderr += text));
    serving.stderr = stderr;
    return serving;
  }

  /** Runs a verb that talks to it. */
  ask(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return parley([...args, '--url', this.url], options);
  }

  /** Sends a signal and resolves to the exit code. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    const exited = ended(this.child);
    this.child.kill(signal);
    return exited;
  }
}
