/**
 * One `parley serve` at one address, through all its starts and kills.
 *
 * 1. Its address stays the same whether it runs or not; between two processes connections are refused.
 */
import fs from 'node:fs';
import path from 'node:path';
import { freePorts } from '../../../infra/kafka/local/ports.js';
import { eventually } from '../../crash/violation.js';
import { Serving } from '../../support/cli/serving.js';
import type { HistoryTarget } from './log-targets.js';

const SNAPSHOT_EVERY = 3_000;

export class ServerProcess {
  readonly url: string;
  starts = 0;
  private serving: Serving | undefined;

  private constructor(
    private readonly port: number,
    private readonly target: Pick<HistoryTarget, 'args' | 'env'>,
    private readonly folder: string,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(target: Pick<HistoryTarget, 'args' | 'env'>, folder: string): Promise<ServerProcess> {
    const [port] = await freePorts(1);
    if (port === undefined) throw new Error('there is no free port');
    const server = new ServerProcess(port, target, folder);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const { target, port, folder } = this;
    const args = ['--port', `${port}`, ...target.args, '--snapshot-every', `${SNAPSHOT_EVERY}`];
    const serving = Serving.begin(args, { env: target.env });
    const number = ++this.starts;
    this.serving = serving;
    void serving.ended.then((code) => {
      const said = `${serving.stderr}${serving.killedBy ?? `exit code ${code}`}\n`;
      fs.writeFileSync(path.join(folder, `server-${String(number).padStart(3, '0')}.said`), said);
    });
    await eventually('the start of the server', serving.listening);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.serving?.signal(signal);
  }

  async kill(): Promise<void> {
    const { serving } = this;
    this.serving = undefined;
    // A process that stands still receives no other signal.
    serving?.signal('SIGCONT');
    if (serving !== undefined) await eventually('the end of the server', serving.end('SIGKILL'));
  }
}
