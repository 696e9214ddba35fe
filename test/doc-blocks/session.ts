/** A shell that a document’s commands are typed into, one after the other, in a folder of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { PATIENCE_MS } from '../support/patience.js';
import type { Names } from './names.js';

const root = path.join(import.meta.dirname, '../..');
/** Ends what a command printed; a control character that nothing prints. */
const END = '\u001e';
/** What of the checkout is not seen from the folder: what tests leave, and where a reader's own files would be. */
const NOT_SHOWN = /^(\.|data$|coverage$|test-results$)/;

const LOOK_EACH_MS = 5;
/** What a shell that nobody sits at says of a job that was killed. */
const OF_JOBS = /^\S+\/command: line \d+: +\d+ (Killed|Terminated) .*\n/gm;

export interface Ran {
  /** What it wrote to stdout and stderr, as a terminal shows it. */
  readonly output: string;
  readonly code: number;
}

export class Session {
  private buffered = '';
  private hasEnded = false;
  private readonly serving: ChildProcess[] = [];

  private constructor(
    private readonly names: Names,
    /** Holds what the commands write, and the checkout's folders as a reader has them. */
    readonly folder: string,
    private readonly shell: ChildProcess,
  ) {
    shell.stdout?.setEncoding('utf8').on('data', (text: string) => (this.buffered += text));
    shell.once('close', () => (this.hasEnded = true));
  }

  static open(names: Names): Session {
    const folder = temporaryFolder();
    for (const name of readdirSync(root).filter((each) => !NOT_SHOWN.test(each))) {
      symlinkSync(path.join(root, name), path.join(folder, name));
    }
    mkdirSync(path.join(folder, '.session'));
    const shell = spawn('bash', ['--noprofile', '--norc'], {
      ...settings(folder, names),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    shell.stdin.write('exec 2>&1\n');
    return new Session(names, folder, shell);
  }

  /** Puts a file where the commands find it. */
  save(name: string, text: string): void {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, this.names.toHere(text));
  }

  /** Runs a command to its end. Rejects when the shell itself ends. */
  async run(command: string): Promise<Ran> {
    this.save('.session/command', command);
    this.buffered = '';
    this.shell.stdin?.write(`. "$PARLEY_TEST_SESSION/command" < /dev/null; printf '${END}%d${END}' $?\n`);
    const pattern = new RegExp(`^([^]*)${END}(\\d+)${END}$`);
    await this.until(() => pattern.test(this.buffered), command);
    const [, output = '', code = ''] = pattern.exec(this.buffered) ?? [];
    return { output: this.names.toDocument(output.replace(OF_JOBS, '')), code: Number(code) };
  }

  /** Starts a command that stays until the session closes; resolves to what its stdout has said once that satisfies `isEnough`. */
  async serve(command: string, isEnough: (output: string) => boolean): Promise<string> {
    const child = spawn('bash', ['--noprofile', '--norc', '-c', this.names.toHere(command)], {
      ...settings(this.folder, this.names),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, to be ended with all that it started
    });
    this.serving.push(child);
    let [output, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    const shown = (): string => this.names.toDocument(output);
    const isOver = (): boolean => child.exitCode !== null;
    await this.until(() => isEnough(shown()) || isOver(), command);
    if (!isEnough(shown())) throw new Error(`${command}\nended with ${child.exitCode}: ${output}${complaints}`);
    return shown();
  }

  async close(): Promise<void> {
    for (const child of this.serving.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      process.kill(-child.pid, 'SIGTERM');
      await once(child, 'close');
    }
    if (!this.hasEnded) {
      this.shell.stdin?.end('kill $(jobs -p) 2> /dev/null; wait\n');
      await once(this.shell, 'close');
    }
    removeFolder(this.folder);
  }

  private async until(isSo: () => boolean, command: string): Promise<void> {
    const givenUpAtMs = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (this.hasEnded) throw new Error(`the shell has ended at: ${command}\n${this.buffered}`);
      if (performance.now() > givenUpAtMs) throw new Error(`does not end: ${command}\n${this.buffered}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS));
    }
  }
}

function settings(folder: string, names: Names): { cwd: string; env: NodeJS.ProcessEnv } {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(PARLEY_|FORCE_COLOR$|NODE_OPTIONS$|VITEST)/.test(name),
  );
  const env = {
    ...Object.fromEntries(own),
    ...{ NO_COLOR: '1', TZ: 'UTC', LC_ALL: 'C', NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' },
    PATH: `${path.join(import.meta.dirname, 'bin')}${path.delimiter}${process.env.PATH ?? ''}`,
    PARLEY_TEST_TOPIC: names.defaultTopic,
    PARLEY_PATIENCE_S: String(PATIENCE_MS / 1_000),
    PARLEY_TEST_SESSION: path.join(folder, '.session'),
    PARLEY_TEST_ENTRY: path.join(root, 'src/cli/parley.mjs'),
    PARLEY_TEST_TSX: import.meta.resolve('tsx'),
    PARLEY_TEST_PORT: names.defaultPort,
  };
  return { cwd: folder, env };
}
