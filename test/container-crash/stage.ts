import { say } from '../support/rig.js';
import type { ContainerCrashOptions } from './options.js';
import { sceneImages } from './scene/images.js';
import { Scene } from './scene/scene.js';

/** Where a run makes its scene, and ends it, also while it is still being made. */
export class Stage {
  private making: Promise<Scene> | undefined;
  private ending: Promise<void> | undefined;

  /** Of the exchange that the options name, or that is built, and says of which images. */
  async make(folder: string, { image, plant }: ContainerCrashOptions, shards: number): Promise<Scene> {
    const images = await sceneImages(folder, { image, mutant: plant?.mutant });
    say(`exchanges of ${images.exchange}, brokers of ${images.kafka.join(', then ')}`);
    this.making = Scene.make({ folder, images, shards });
    return this.making;
  }

  /** Once is enough: whoever asks again waits for the same end. */
  async end(): Promise<void> {
    this.ending ??= this.endNow();
    await this.ending;
  }

  private async endNow(): Promise<void> {
    const scene = await this.making?.catch(() => undefined); // has removed what it had made
    await scene?.end();
  }
}
