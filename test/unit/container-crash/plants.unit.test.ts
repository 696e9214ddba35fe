import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { plantNames, plants } from '../../container-crash/plants.js';
import { mutated } from '../../support/mutation/mutant.js';
import { compiled } from '../../support/mutation/planted-copy.js';

describe('the plants of crash:containers', () => {
  it.each(plantNames)('The plant %s can be put into the exchange as it is now', (name) => {
    const { mutant } = plants[name];
    const source = fs.readFileSync(path.join(import.meta.dirname, '../../..', mutant.file), 'utf8');
    expect(mutant.name).toBe(name);
    expect(compiled(mutated(mutant, source))).not.toBe(compiled(source));
  });
});
