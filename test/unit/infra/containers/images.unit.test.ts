import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { containerImages, imageHere } from '../../../../infra/containers/images.js';
import { COMPOSE_FILES, composeOf } from '../../../support/deploy/compose.js';
import { PINNED_IMAGE, textOf, yamlOf } from '../../../support/deploy/files.js';

const testcontainers = createRequire(import.meta.url).resolve('testcontainers');
const images = containerImages();
const publicNames = images.map(({ publicName }) => publicName);
const madeNames = images.flatMap(({ madeName }) => madeName ?? []);

interface Override {
  readonly services: Readonly<Record<string, { readonly image?: string; readonly profiles?: readonly string[] }>>;
}

describe('the images that containers:up gets', () => {
  it('Every image of the table has a public name that is pinned, and what is made has a name that is nobody else’s', () => {
    for (const name of publicNames) expect(name).toMatch(PINNED_IMAGE);
    for (const name of madeNames) expect(name).toMatch(/^parley-made\//);
    expect(new Set([...publicNames, ...madeNames]).size).toBe(publicNames.length + madeNames.length);
  });

  it('Every image that the Dockerfile and the compose files begin with is in the table, under its public name', () => {
    const base = /\bnode:[\w.-]+/.exec(textOf('infra/deploy/Dockerfile'))?.[0];
    expect(publicNames).toContain(base);
    for (const file of COMPOSE_FILES) {
      for (const { image, build, profiles } of Object.values(composeOf(file).services)) {
        if (image !== undefined && build === undefined && profiles === undefined) expect(publicNames).toContain(image);
      }
    }
  });

  it.each([
    ['infra/kafka/compose.yaml', 'infra/containers/compose/kafka.yaml'],
    ['infra/deploy/compose.yaml', 'infra/containers/compose/deploy.yaml'],
  ])('What replaces the images of %s takes what is made, and leaves away what cannot be: %s', (file, override) => {
    const { services } = composeOf(file);
    const instead = (yamlOf(override)[0] as Override).services; // a compose file
    expect(Object.keys(instead).sort()).toEqual(Object.keys(services).sort());
    for (const [name, { image, build, extends: inherited }] of Object.entries(services)) {
      if (build !== undefined) continue;
      const publicName = image ?? composeOf('infra/kafka/compose.yaml').services[inherited?.service ?? '']?.image;
      const { madeName } = images.find((each) => each.publicName === publicName) ?? {};
      if (madeName === undefined) expect(instead[name]?.profiles, name).toBeDefined();
      else expect(instead[name]?.image).toBe(madeName);
    }
  });

  it('What removes the containers of killed tests is, in the table, of the version that testcontainers asks for', () => {
    const reaper = readFileSync(path.join(path.dirname(testcontainers), 'reaper/reaper.js'), 'utf8');
    const { publicName = 'none' } = images.find(({ name }) => name === 'ryuk') ?? {};
    expect(reaper).toContain(`"${publicName}"`);
  });

  it('An image that the table does not have is refused', async () => {
    await expect(imageHere('nothing')).rejects.toThrow('has no image nothing');
  });
});
