/** The images that this project's compose files and tests use, under the names by which a container engine may have them. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../kafka/local/installation.js';

const runFile = promisify(execFile);

export interface ContainerImage {
  /** `node`, `kafka`, …: what `npm run containers:up` takes. */
  readonly name: string;
  /** By which registries know it. */
  readonly publicName: string;
  /** Of what is made here where no registry answers; undefined for what cannot be made. */
  readonly madeName: string | undefined;
}

/** All of them, as infra/containers/images.tsv lists them: three columns, parted by tabs, `-` for none. */
export function containerImages(): readonly ContainerImage[] {
  const rows = readFileSync(path.join(checkout, 'infra/containers/images.tsv'), 'utf8').trimEnd().split('\n');
  return rows.map((row) => {
    const [name = '', publicName = '', madeName = '-'] = row.split('\t');
    return { name, publicName, madeName: madeName === '-' ? undefined : madeName };
  });
}

/**
 * The name under which the engine has an image of the table: the public one, or that of what was made here; undefined where it has
 * neither, or does not answer. Throws RangeError for an image that the table does not have.
 */
export async function imageHere(name: string): Promise<string | undefined> {
  const image = containerImages().find((each) => each.name === name);
  if (image === undefined) throw new RangeError(`infra/containers/images.tsv has no image ${name}`);
  for (const tag of [image.publicName, image.madeName]) if (tag !== undefined && (await hasImage(tag))) return tag;
  return undefined;
}

async function hasImage(tag: string): Promise<boolean> {
  return runFile('docker', ['image', 'inspect', '--format', '{{.Id}}', tag]).then(
    () => true,
    () => false,
  );
}
