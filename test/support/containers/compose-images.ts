/** The images that the compose files begin with, as the engine has them. */
import { containerImages, imageHere } from '../../../infra/containers/images.js';
import { missingEngine } from '../servers/container-engine.js';

const NAMES = ['node', 'kafka', 'prometheus'];

/** What keeps the compose files from being used here, or undefined. */
export async function missingComposeImages(): Promise<string | undefined> {
  const missing = await missingEngine();
  if (missing !== undefined) return missing;
  return (await origin()) === undefined
    ? `the engine lacks images (${NAMES.join(', ')}): npm run containers:up`
    : undefined;
}

/** A compose file, and the one that names what was made here instead, where that is what the engine has. */
export async function withImagesHere(name: 'deploy' | 'kafka'): Promise<string[]> {
  const file = `infra/${name}/compose.yaml`;
  return (await origin()) === 'made' ? [file, `infra/containers/compose/${name}.yaml`] : [file];
}

async function origin(): Promise<'public' | 'made' | undefined> {
  const images = containerImages().filter(({ name }) => NAMES.includes(name));
  const here = await Promise.all(images.map(({ name }) => imageHere(name)));
  if (images.every(({ publicName }, index) => here[index] === publicName)) return 'public';
  return images.every(({ madeName }, index) => here[index] === madeName) ? 'made' : undefined;
}
