import fs from 'node:fs';
import { Serving } from '../support/cli/serving.js';
import { eventually, Violation } from '../crash/violation.js';

export interface MemberOptions {
  readonly name: string;
  /** The same for each of its processes, so that it keeps its name in the cluster. */
  readonly port: number;
  /** The options of `serve` but for the port. */
  readonly args: readonly string[];
  /** Where what it says on stderr is kept. */
  readonly file: string;
}

/** A shard that was taken over, as the member says that has it now. */
export interface TakeOver {
  readonly shard: number;
  /** Since the last sign of life of the member that had it. */
  readonly tookMs: number;
  /** Of these, since it may be taken over. */
  readonly openMs: number;
}

/** One member of the cluster: a `parley serve` that is killed and started again, each time as a new process. */
export class Member {
  readonly url: string;
  /** Processes that ended though nobody ended them. */
  readonly surprises: string[] = [];
  private readonly processes: Serving[] = [];
  private serving: Serving | undefined;
  private isBeingEnded = false;

  constructor(readonly options: MemberOptions) {
    this.url = `http://127.0.0.1:${options.port}`;
  }

  get name(): string {
    return this.options.name;
  }

  /** By any of its processes. */
  get takeOvers(): readonly TakeOver[] {
    return this.processes.flatMap(({ stderr }) => takeOversIn(stderr));
  }

  get isRunning(): boolean {
    return this.serving !== undefined;
  }

  /** Resolves once it listens. */
  async start(): Promise<void> {
    const { args, port } = this.options;
    this.isBeingEnded = false;
    const serving = Serving.begin(['--port', String(port), ...args]);
    this.serving = serving;
    this.processes.push(serving);
    void serving.ended.then((code) => {
      this.keep(serving, code);
    });
    await eventually(`the start of ${this.name}`, serving.listening);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.serving?.signal(signal);
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** As an operator would. */
  async stop(): Promise<void> {
    const code = await this.end('SIGTERM');
    if (code !== 0) throw new Violation(`${this.name}, which received SIGTERM, ended with ${code}`);
  }

  private async end(signal: NodeJS.Signals): Promise<number> {
    const { serving } = this;
    if (serving === undefined) return 0;
    this.isBeingEnded = true;
    // A process that stands still receives no other signal.
    serving.signal('SIGCONT');
    const code = await eventually(`the end of ${this.name} by ${signal}`, serving.end(signal));
    this.serving = undefined;
    return code;
  }

  private keep(serving: Serving, code: number): void {
    const how = serving.killedBy ?? `exit code ${code}`;
    fs.appendFileSync(this.options.file, `${serving.stderr}${how}\n`);
    if (!this.isBeingEnded)
      this.surprises.push(`${this.name} ended by itself: ${how}\n${serving.stderr.slice(-2_000)}`);
  }
}

/** Those that a member tells of in its log. */
export function takeOversIn(said: string): TakeOver[] {
  return said.split('\n').flatMap((line) => {
    if (!line.includes('took over the shard')) return [];
    return [JSON.parse(line) as TakeOver]; // a line of its log, with these fields
  });
}
