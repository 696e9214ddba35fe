/** The programs under examples/, each run as its readers run it: by tsx or python3, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { ended } from './cli/parley.js';

const root = path.join(import.meta.dirname, '../..');

export class Example {
  /** What it has printed so far. */
  stdout = '';
  stderr = '';

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Starts one; it ends with the test at the latest. */
  static start(program: string, args: readonly string[] = []): Example {
    return Example.run(process.execPath, ['--import', import.meta.resolve('tsx')], program, args);
  }

  /** Likewise, one that is written in Python. */
  static startPython(program: string, args: readonly string[]): Example {
    return Example.run('python3', [], program, args);
  }

  private static run(command: string, before: readonly string[], program: string, args: readonly string[]): Example {
    const example = new Example(spawn(command, [...before, path.join(root, 'examples', program), ...args]));
    onTestFinished(() => void example.child.kill('SIGKILL'));
    return example;
  }

  /** Its exit code once it has ended; -1 when a signal killed it. */
  get ended(): Promise<number> {
    return ended(this.child);
  }

  /** Ends it as Ctrl-C does, and resolves to its exit code. */
  async interrupt(): Promise<number> {
    this.child.kill('SIGINT');
    return this.ended;
  }
}
