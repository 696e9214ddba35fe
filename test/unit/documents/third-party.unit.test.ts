import { describe, expect, it } from 'vitest';
import { refusedIn } from '../../documents/pages/third-party.js';
import { textOf } from '../../support/deploy/files.js';
import { packagesOfImage, packagesOfPackage, packagesOfPage } from '../../support/package/locked-packages.js';

const namesOf = (packages: readonly { readonly name: string }[]): string[] => packages.map(({ name }) => name);

describe('what Parley brings along of others', () => {
  it('A licence passes where all that it is made of is permissive, and what is not is named', () => {
    expect(refusedIn('MIT')).toEqual([]);
    expect(refusedIn('(BSD-3-Clause AND Apache-2.0)')).toEqual([]);
    expect(refusedIn('MIT AND GPL-3.0-only')).toEqual(['GPL-3.0-only']);
    expect(refusedIn('(MIT OR GPL-2.0-only WITH Classpath-exception-2.0)')).toEqual([
      'GPL-2.0-only WITH Classpath-exception-2.0',
    ]);
    expect(refusedIn('SEE LICENSE IN terms.txt')).toEqual(['SEE LICENSE IN terms.txt']);
    expect(refusedIn('')).toEqual(['no licence']);
  });

  it('The lockfile tells what the package installs, what the image has besides, and the bundler what is in the page', () => {
    const [ofPackage, ofImage, ofPage] = [packagesOfPackage(), packagesOfImage(), packagesOfPage()].map(namesOf);
    // What Parley asks for, what that asks for, and a second version of it in a folder of its own.
    expect(ofPackage).toEqual(
      expect.arrayContaining(['fastify', 'reusify', 'process-warning', '@libsql/win32-x64-msvc']),
    );
    expect(packagesOfPackage().filter(({ name }) => name === 'process-warning')).toHaveLength(2);
    expect(ofPackage).not.toContain('@eventstore/db-client');
    expect(ofImage).toEqual(expect.arrayContaining(['fastify', '@eventstore/db-client', '@grpc/grpc-js']));
    expect(ofPage).toEqual(expect.arrayContaining(['preact', '@preact/signals', 'uplot']));
    expect([ofPackage, ofImage, ofPage].flat()).not.toContain('typescript');
  });

  it('The licences of what is bundled into the page stand in the list as texts, for the page has no room for them', () => {
    const list = textOf('THIRD-PARTY.md');
    for (const { name, folder } of packagesOfPage()) {
      expect(list).toContain(textOf(`${folder}/LICENSE`).trim());
      expect(list).toContain(`### \`${name}\``);
    }
  });
});
