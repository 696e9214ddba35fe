/** `parley serve` in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const STOP_MS = 20_000;

export class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(folder: string, more: readonly string[], port = 0, program = cli): Promise<Server> {
    const args = ['serve', '--port', String(port), '--data', folder, '--log-level', 'error', ...more];
    const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    const listening = new Promise<number>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the server ended before it listened')));
      createInterface(child.stdout).on('line', (line) => {
        const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
    });
    return new Server(child, await listening);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The most memory that it has held since the last reset, in MB; 0 where the system does not say. */
  peakMegabytes(): number {
    return Math.round((1_024 * Number(/VmHWM:\s+(\d+)/.exec(this.procFile('status'))?.[1] ?? 0)) / 1e6);
  }

  resetPeak(): void {
    if (process.platform === 'linux') writeFileSync(`/proc/${this.child.pid}/clear_refs`, '5');
  }

  /** Seconds of processor time so far. */
  cpuSeconds(): number {
    const fields = this.procFile('stat').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
  }

  private procFile(name: string): string {
    try {
      return readFileSync(`/proc/${this.child.pid}/${name}`, 'utf8');
    } catch {
      return ''; // not Linux, or it has ended
    }
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  }
}
