/** The image that infra/deploy/Dockerfile makes, and the engine that makes and runs it, as its command tells of them. */
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { imageHere } from '../../../infra/containers/images.js';
import { runs } from '../needs/tools.js';
import { type Ran, run } from '../package/project.js';
import { docker } from '../containers/docker.js';
import { checkout, textOf } from './files.js';

const DOCKERFILE = 'infra/deploy/Dockerfile';
/** Of the end of what a command said. */
const LONGEST_COMPLAINT = 4_000;

/** How a command of the engine ended, well or not. */
export function dockerRan(...args: readonly string[]): Promise<Ran> {
  return run(checkout, 'docker', ...args);
}

/**
 * Builds the image of what lies in `folder` under the name `tag`, on the Node that is here. Resolves to what the builder said; rejects
 * with it where it fails.
 */
export async function buildImage(tag: string, folder = checkout, ...options: readonly string[]): Promise<string> {
  const base = `NODE_IMAGE=${await imageHere('node')}`;
  const args = ['build', '--file', path.join(folder, DOCKERFILE), '--tag', tag, '--build-arg', base, ...options, '.'];
  const kit = runs('docker', 'buildx', 'version') ? '1' : '0';
  return said(await run(folder, 'env', `DOCKER_BUILDKIT=${kit}`, 'docker', ...args));
}

/** Removes an image, and what the classic builder has left of each step, as it said. The Node that it stands on stays. */
export async function removeBuilt(tag: string, told: string): Promise<void> {
  const base = await docker('image', 'inspect', '--format', '{{.Id}}', (await imageHere('node')) ?? '');
  const made = [...told.matchAll(/^ ---> ([0-9a-f]+)$/gm)].map(([, id = '']) => id).filter((id) => !base.includes(id));
  await dockerRan('image', 'rm', tag, ...made.reverse());
}

/** Copies what a build is given, as .dockerignore says it, into a folder that it makes. */
export function copyContext(folder: string): void {
  const lines = textOf('.dockerignore').split('\n');
  const isLeftOut = (file: string): boolean => lines.includes(path.relative(checkout, file));
  const names = [
    '.dockerignore',
    DOCKERFILE,
    ...lines.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : [])),
  ];
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    cpSync(path.join(checkout, name), path.join(folder, name), {
      recursive: true,
      filter: (file) => !isLeftOut(file),
    });
  }
}

/** The digests of what an image has on top of the Node that it stands on, uncompressed, layer by layer; its size is in bytes. */
export async function layersOf(tag: string): Promise<{ readonly digests: readonly string[]; readonly bytes: number }> {
  const [image, base] = await Promise.all([inspected(tag), inspected((await imageHere('node')) ?? '')]);
  const [ours, below] = [image.RootFS.Layers, base.RootFS.Layers];
  if (below.some((digest, index) => ours[index] !== digest)) throw new Error(`${tag} does not stand on the Node here`);
  return { digests: ours.slice(below.length), bytes: image.Size - base.Size };
}

export interface InspectedImage {
  readonly Size: number;
  readonly RootFS: { readonly Layers: readonly string[] };
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
}

export async function inspected(tag: string): Promise<InspectedImage> {
  return JSON.parse(await docker('image', 'inspect', '--format', '{{json .}}', tag)) as InspectedImage; // as the engine's API has it
}

function said({ code, stdout, stderr }: Ran): string {
  if (code === 0) return stdout;
  throw new Error(`docker ended with ${code}: ${(stdout + stderr).slice(-LONGEST_COMPLAINT)}`);
}
