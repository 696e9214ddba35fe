import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variablesAlone } from '../../../../src/cli/options/variables.js';
import { optionsOf, program, verbsOf } from '../../../documents/command-tree.js';
import { root } from '../../../documents/registry.js';

/** The variables that the code of a folder reads by name. */
function readIn(folder: string): string[] {
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(`${folder}${file}`, root), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/\benv\.([A-Z_]+)/g)].map(([, name = '']) => name));
}

describe('the variables without an option', () => {
  it('The variables without an option are those that the code reads and no option has', async () => {
    const ofOptions = verbsOf(await program()).flatMap((verb) => optionsOf(verb).map(({ envVar }) => envVar));
    const alone = ['src/', 'infra/'].flatMap(readIn).filter((name) => !ofOptions.includes(name));
    expect([...new Set(alone)].sort()).toEqual(Object.keys(variablesAlone).sort());
  });
});
