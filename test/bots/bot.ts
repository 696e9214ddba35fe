/** One of examples/trading-bots, run as its reader runs it: by tsx, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually, mustBecome, Violation } from '../crash/violation.js';
import { ended } from '../support/cli/parley.js';
import { linesOf } from './statement.js';

const FILL = '"entry":"fill"';

export class Bot {
  private said = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number>;

  constructor(
    readonly participant: 'maker' | 'arbitrageur',
    /** Where it writes down what it knows. */
    readonly blotter: string,
    url: string,
  ) {
    const program = new URL(
      `examples/trading-bots/${participant}.ts`,
      import.meta.resolve('parley-exchange/package.json'),
    );
    const args = ['--import', import.meta.resolve('tsx'), fileURLToPath(program), '--url', url, '--blotter', blotter];
    this.child = spawn(process.execPath, args);
    this.ended = ended(this.child);
    // However this process ends.
    process.once('exit', () => this.child.kill('SIGKILL'));
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
  }

  /** Resolves once it trades. */
  async trades(): Promise<void> {
    await mustBecome(
      () => `the ${this.participant} does not begin: ${this.said}`,
      () => this.mustRun() && /^(makes a market|watches)/m.test(this.said),
    );
  }

  /** How many fills it has written down so far. */
  get fills(): number {
    this.mustRun();
    return linesOf(this.blotter).filter((line) => line.includes(FILL)).length;
  }

  /** Ends it as a user does. Resolves to what it finds wrong itself; nothing where its record equals the ledger. */
  async stop(): Promise<readonly string[]> {
    this.child.kill('SIGTERM');
    const code = await eventually(`the end of the ${this.participant}`, this.ended);
    return code === 0 && this.said.includes('the record equals the ledger')
      ? []
      : [`the ${this.participant} ends with ${code} and says ${this.said}`];
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private mustRun(): boolean {
    if (this.child.exitCode !== null) throw new Violation(`the ${this.participant} has ended: ${this.said}`);
    return true;
  }
}
