/** The image of this checkout, `parley:VERSION`: what infra/deploy/Dockerfile makes of it, built once a run. */
import { DEFAULT_IMAGE } from '../../../src/testcontainers/default-image.js';
import { buildImage } from '../deploy/image.js';
import { missingImage } from './container-engine.js';

/** Why there is none: without an engine, or without the Node that it stands on. Rejects, with what was said, where the build fails. */
export async function missingParleyImage(): Promise<string | undefined> {
  const missing = await missingImage('node');
  if (missing === undefined) await buildImage(DEFAULT_IMAGE);
  return missing;
}
