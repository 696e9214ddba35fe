/** A program of the checkout that runs in a container, and is talked to in lines of JSON over its standard input and output. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { checkout } from '../../../infra/kafka/local/installation.js';
import { ended } from '../../support/cli/parley.js';
import type { Container } from './container.js';
import type { NetworkKind } from './networks.js';
import type { Scene } from './scene.js';

export interface ProgramPlace {
  readonly role: string;
  /** Its number in each network: below those of the brokers. */
  readonly number: number;
  readonly networks: readonly [NetworkKind, ...NetworkKind[]];
  /** Compiled, in `dist`: `test/container-crash/programs/clients.js`. */
  readonly file: string;
}

/** `To` is what it is told, `From` what it tells. */
export class ContainedProgram<To extends object, From extends object> {
  /** Its exit code; rejects with what it said where that is not 0, unless it has been killed from here. */
  readonly ended: Promise<void>;
  private stderr = '';

  private constructor(
    private readonly container: Container,
    private readonly child: ChildProcess,
    take: (said: From) => void,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => take(JSON.parse(line) as From)); // its other half here
    child.stdin?.on('error', () => undefined); // told by its end
    this.ended = ended(child).then((code) => {
      if (code !== 0 && !container.isBeingEnded)
        throw new Error(`${container.role} ended with ${code}:\n${this.stderr}`);
    });
    this.ended.catch(() => undefined); // whoever waits for it is told
  }

  /** Starts it with its first line. */
  static async start<To extends object, From extends object>(
    scene: Scene,
    { file, ...place }: ProgramPlace,
    first: To,
    take: (said: From) => void,
  ): Promise<ContainedProgram<To, From>> {
    const mounts = ['dist', 'node_modules', 'package.json'].flatMap((name) => [
      '--volume',
      `${path.join(checkout, name)}:/app/${name}:ro`,
    ]);
    const container = scene.container({
      ...place,
      image: scene.options.images.node,
      options: ['--interactive', '--read-only', '--cap-drop', 'ALL', '--workdir', '/app', ...mounts],
      command: ['node', `dist/${file}`],
    });
    await container.create();
    const child = spawn('docker', ['start', '--attach', '--interactive', container.name]);
    const program = new ContainedProgram<To, From>(container, child, take);
    program.tell(first);
    return program;
  }

  tell(message: To): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  async kill(): Promise<void> {
    await this.container.kill();
  }
}
