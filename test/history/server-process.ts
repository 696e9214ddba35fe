/**
 * One `parley serve` through all its lives, at one address.
 *
 * 1. It is asked for by whoever asks, whether it runs or not; between two lives connections are refused.
 */
import fs from 'node:fs';
import path from 'node:path';
import { freePorts } from '../../infra/kafka/local/ports.js';
import { eventually } from '../crash/violation.js';
import { Serving } from '../support/cli/serving.js';
import type { HistoryTarget } from './log-targets.js';

const SNAPSHOT_EVERY = 3_000;

export class ServerProcess {
  readonly url: string;
  lives = 0;
  private serving: Serving | undefined;

  private constructor(
    private readonly port: number,
    private readonly place: HistoryTarget,
    private readonly folder: string,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(place: HistoryTarget, folder: string): Promise<ServerProcess> {
    const [port] = await freePorts(1);
    if (port === undefined) throw new Error('there is no free port');
    const life = new ServerProcess(port, place, folder);
    await life.start();
    return life;
  }

  async start(): Promise<void> {
    const { place, port, folder } = this;
    const args = ['--port', `${port}`, ...place.args, '--snapshot-every', `${SNAPSHOT_EVERY}`];
    const serving = Serving.begin(args, { env: place.env });
    const number = ++this.lives;
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
    // One that stands still hears of nothing else.
    serving?.signal('SIGCONT');
    if (serving !== undefined) await eventually('the end of the server', serving.end('SIGKILL'));
  }
}
