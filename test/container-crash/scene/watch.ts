/** What the engine tells of a scene's containers: who ended, how, and who was started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Ending, readEnding } from './ending.js';
import type { Container } from './container.js';

interface EngineEvent {
  readonly Action: string;
  readonly Actor: { readonly Attributes: { readonly name?: string; readonly exitCode?: string } };
  readonly time: number;
}

export interface WatchOptions {
  readonly label: string;
  /** Is told of each start. */
  readonly started: (container: Container) => void;
}

const STREAM_START_MS = 300;

/**
 * 1. Endings that were brought about from here are not told.
 */
export class Watch {
  /** Containers that ended by themselves, in order. */
  readonly endings: Ending[] = [];
  private readonly containers = new Map<string, Container>();
  private readonly startedAt = new Map<string, number>();
  private readonly reading = new Set<Promise<void>>();
  private readonly stream: ChildProcess;

  private constructor(private readonly options: WatchOptions) {
    const filters = ['--filter', `label=${options.label}`, '--filter', 'type=container'];
    const stream = spawn('docker', ['events', ...filters, '--format', '{{json .}}'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.stream = stream;
    createInterface({ input: stream.stdout }).on('line', (line) => {
      this.take(JSON.parse(line) as EngineEvent); // what `docker events` prints
    });
  }

  /** Resolves once it is told of things. */
  static async begin(options: WatchOptions): Promise<Watch> {
    const watch = new Watch(options);
    await new Promise((resolve) => setTimeout(resolve, STREAM_START_MS));
    return watch;
  }

  /** Is to know of these containers. */
  follow(containers: readonly Container[]): void {
    for (const container of containers) this.containers.set(container.name, container);
  }

  /** Resolves once what the containers said before they ended has been read. */
  async settled(): Promise<void> {
    await Promise.all(this.reading);
  }

  end(): void {
    this.stream.kill();
  }

  private take({ Action: action, Actor: { Attributes: attributes }, time }: EngineEvent): void {
    const { name = '', exitCode = '' } = attributes;
    const container = this.containers.get(name);
    if (container === undefined) return;
    if (action === 'start') {
      this.startedAt.set(name, time);
      this.options.started(container);
    }
    if (action !== 'die' || container.isBeingEnded) return;
    const reading = this.read(container, Number(exitCode), this.startedAt.get(name)).catch(() => undefined); // it is gone already
    this.reading.add(reading);
    void reading.then(() => this.reading.delete(reading));
  }

  private async read(container: Container, exitCode: number, since: number | undefined): Promise<void> {
    const { role, isStarved } = container;
    const said = await container.saying(since ?? 0);
    this.endings.push(readEnding({ role, exitCode, isStarved, said }));
  }
}
