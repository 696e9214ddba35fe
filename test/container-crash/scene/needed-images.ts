import { missingImage } from '../../support/servers/container-engine.js';

/** What the images of a scene are built on, by the names of infra/containers/images.tsv. */
export const SCENE_IMAGES = ['debian', 'node', 'kafka'] as const;

/** What keeps a scene from being made here, if something does. */
export async function missingForScene(): Promise<string | undefined> {
  for (const name of SCENE_IMAGES) {
    const missing = await missingImage(name);
    if (missing !== undefined) return missing;
  }
  return undefined;
}
