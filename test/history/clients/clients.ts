/** The clients, in a process of their own on this machine or anywhere else, and how they are steered. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { ended } from '../../support/cli/parley.js';
import type { History } from '../checker/history.js';
import { HistoryLines } from './history-file.js';
import type { BeginClients, ClientsState, FromClients, ToClients } from './messages.js';

/** Their program, wherever it runs. */
export interface ClientsProgram {
  tell(message: ToClients): void;
  /** Settles when it has ended. */
  readonly ended: Promise<unknown>;
  kill(): Promise<void>;
}

/** Starts the program, which then waits to be told to begin; `take` receives all that it tells. */
export type StartProgram = (begin: BeginClients, take: (said: FromClients) => void) => Promise<ClientsProgram>;

export class Clients {
  private readonly history = new HistoryLines();
  private readonly states = new Set<ClientsState>();
  private readonly waiting = new Map<ClientsState, () => void>();
  private program: ClientsProgram | undefined;
  private failed: Promise<never> | undefined;

  constructor(private readonly startProgram: StartProgram) {}

  /** They ask from then on. Rejects, as all that follows, when their process ends before. */
  async begin(begin: BeginClients): Promise<void> {
    const program = await this.startProgram(begin, (said) => this.take(said));
    this.program = program;
    this.failed = program.ended.then(() => {
      throw new Error('the clients ended too early');
    });
    this.failed.catch(() => undefined); // who waits for a state is told
    await this.become('begun');
  }

  /** Resolves once everything has been asked, and has happened, at least once. */
  enough(): Promise<void> {
    return this.become('enough');
  }

  /** Resolves once nothing is asked any more. */
  async rest(): Promise<void> {
    this.program?.tell({ rest: true });
    await this.become('rested');
  }

  /** All that they ask serves by now. Resolves to what they have asked, been answered and seen. */
  async end(): Promise<History> {
    this.program?.tell({ end: true });
    await this.become('ended');
    return this.history;
  }

  async kill(): Promise<void> {
    await this.program?.kill();
  }

  private take(said: FromClients): void {
    if (!('state' in said)) {
      this.history.add(said);
      return;
    }
    this.states.add(said.state);
    this.waiting.get(said.state)?.();
  }

  private async become(state: ClientsState): Promise<void> {
    const become = new Promise<void>((resolve) => {
      if (this.states.has(state)) resolve();
      else this.waiting.set(state, resolve);
    });
    await Promise.race([become, ...(this.failed === undefined ? [] : [this.failed])]);
  }
}

/** On this machine. */
export const startHere: StartProgram = (begin, take) => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // However this process ends.
  process.once('exit', () => child.kill('SIGKILL'));
  child.stdin.on('error', () => undefined); // told by its end
  readline.createInterface({ input: child.stdout }).on('line', (line) => take(JSON.parse(line) as FromClients)); // its other half here
  const tell = (message: ToClients): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  tell({ begin });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended(child);
  };
  return Promise.resolve({ tell, ended: ended(child), kill });
};
