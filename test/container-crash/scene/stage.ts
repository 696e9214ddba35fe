import { Scene, type SceneOptions } from './scene.js';

/** Where a run makes its scene, and ends it, also while it is still being made. */
export class Stage {
  private making: Promise<Scene> | undefined;
  private ending: Promise<void> | undefined;

  make(options: SceneOptions): Promise<Scene> {
    this.making = Scene.make(options);
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
