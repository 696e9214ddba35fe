/**
 * testcontainers, as tests load it: here alone, when the first container is needed, for that takes a while.
 *
 * What it starts does not outlive a test that is killed: a container of its own, Ryuk, removes it. Ryuk's image is one of those that
 * `npm run containers:up` gets; where there is none testcontainers goes without.
 */
import type * as Testcontainers from 'testcontainers';
import type * as ParleyTestcontainers from '../../../src/testcontainers/index.js';
import { imageFor } from './container-engine.js';

let settings: Promise<Readonly<Record<string, string>>> | undefined;

/** What testcontainers finds in the environment of a process that loads it. */
export function testcontainersSettings(): Promise<Readonly<Record<string, string>>> {
  settings ??= imageFor('ryuk').then((found): Record<string, string> =>
    'missing' in found ? { TESTCONTAINERS_RYUK_DISABLED: 'true' } : { RYUK_CONTAINER_IMAGE: found.image },
  );
  return settings;
}

export async function loadTestcontainers(): Promise<typeof Testcontainers> {
  Object.assign(process.env, await testcontainersSettings());
  return import('testcontainers');
}

/** The package's own containers. */
export async function loadParleyContainer(): Promise<typeof ParleyTestcontainers> {
  await loadTestcontainers();
  return import('../../../src/testcontainers/index.js');
}
