/** Inflicts the faults of a scene, one after the other, as a seed says. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../support/random.js';
import type { Scene } from './scene.js';

export class Nemesis {
  private readonly ending = new AbortController();

  constructor(
    private readonly scene: Pick<Scene, 'faults' | 'whole'>,
    private readonly random: Random,
    /** Told of each that was inflicted. */
    private readonly count: (name: string) => void,
  ) {}

  /** Goes on until `end`; everything runs and serves when it resolves. */
  async run(): Promise<void> {
    const { scene, random } = this;
    while (!this.isOver() && scene.faults.length > 0) {
      await this.pause(300 + random.below(1_500));
      const fault = scene.faults[random.below(scene.faults.length)];
      if (this.isOver() || fault === undefined) break;
      await fault.inflict(random);
      this.count(fault.name);
      await scene.whole();
    }
  }

  end(): void {
    this.ending.abort();
  }

  private isOver(): boolean {
    return this.ending.signal.aborted;
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.ending.signal }).catch(() => undefined); // ended before
  }
}
