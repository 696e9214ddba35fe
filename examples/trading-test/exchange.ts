/** A real exchange for a test: `parley serve` on a free port, with its log in a temporary folder. It can be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The command line, wherever the package is. */
const parley = fileURLToPath(new URL('src/cli/parley.mjs', import.meta.resolve('parley-exchange/package.json')));

export class Exchange {
  private server: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    /** Where it listens, also after it was started again. */
    public url = '',
  ) {}

  static async start(): Promise<Exchange> {
    const exchange = new Exchange(await mkdtemp(path.join(tmpdir(), 'trading-test-')));
    await exchange.serve('0');
    return exchange;
  }

  /** Ends it at once, as a crash does. What it has answered is in its log. */
  async kill(): Promise<void> {
    if (this.server === undefined) return;
    this.server.kill('SIGKILL');
    await once(this.server, 'close');
    this.server = undefined;
  }

  /** Starts it again where it was, with the log that it had. */
  async restart(): Promise<void> {
    await this.serve(new URL(this.url).port);
  }

  /** Ends it, and removes its log. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true });
  }

  private async serve(port: string): Promise<void> {
    const args = [parley, 'serve', '--port', port, '--data', path.join(this.folder, 'log'), '--log-level', 'error'];
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.server = server;
    this.url = await addressIn(server.stdout);
  }
}

async function addressIn(stdout: Readable): Promise<string> {
  for await (const line of createInterface(stdout)) {
    const address = /listens on (http:\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the server ended before it listened');
}
