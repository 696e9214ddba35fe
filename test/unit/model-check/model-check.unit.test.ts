import { describe, expect, it } from 'vitest';
import { mutated } from '../../support/mutation/mutant.js';
import fs from 'node:fs';
import path from 'node:path';
import { Explorer } from '../../model-check/explorer.js';
import { mutants } from '../../model-check/mutants.js';
import { UsageError } from '../../support/rig.js';
import { readOptions } from '../../model-check/options.js';
import { StateTable } from '../../model-check/state-table.js';
import { tell } from '../../model-check/trace.js';
import { modelText } from '../../model-check/report.js';
import { explore } from '../../model-check/worker.js';
import type { Model } from '../../model-check/model/model.js';
import { models } from '../../model-check/model/models.js';

const root = path.join(import.meta.dirname, '../../..');

function quick(name: string): Model {
  const model = models.find((one) => one.name === name);
  if (model === undefined) throw new Error(`there is no model ${name}`);
  return { ...model, limits: model.quick };
}

describe('the exhaustive check', () => {
  it.each(['1x1 sell', '1x1 late', '1x1 misled', '1x1 confused', '1x1 within', '1x2 within'])(
    'The exhaustive check finds nothing wrong in any state of a small model: %s',
    async (name) => {
      const model = quick(name);
      const { failure, states } = await new Explorer(model).run();
      expect(failure === undefined ? '' : tell(model, failure)).toBe('');
      expect(states).toBeGreaterThan(50);
    },
  );

  it('The exhaustive check counts the same states each time', async () => {
    const [one, other] = [await new Explorer(quick('1x1 sell')).run(), await new Explorer(quick('1x1 sell')).run()];
    expect(one).toEqual(other);
  });

  it('The exhaustive check reports the shortest trace of what it finds, message by message', async () => {
    const model = quick('1x1 sell');
    // A model that lies: the checks take the buyer's limit for lower than it is.
    const lying: Model = {
      ...model,
      places: model.places.map((place) => ({
        ...place,
        arriving: place.posted.filter(({ name }) => name === 'buyer').map((one) => ({ ...one, priceTicks: 9 })),
      })),
    };
    const result = await explore(lying);
    expect(result.failure?.findings).toContainEqual(expect.stringMatching(/^I5: .* beyond the limit of buyer/));
    expect(result.failure?.trace).toMatch(/announcement of 3[\s\S]*proposal #1 of 3[\s\S]*acceptance #1 of 3/);
    expect(modelText(lying, result, [])).toContain('broken after');
  });
});

describe('mutants', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    'The mutants of the model check apply to the source as it stands: %s',
    (_, mutant) => {
      const source = fs.readFileSync(path.join(root, mutant.file), 'utf8');
      expect(mutated(mutant, source)).not.toBe(source);
      expect(models.map(({ name }) => name)).toContain(mutant.model);
    },
  );
});

describe('a table of states', () => {
  it('A table of states holds each state once, and knows how it was reached, as it grows', () => {
    const table = new StateTable(3);
    const state = new Int32Array(3);
    for (let index = 0; index < 20_000; index++) {
      state.set([index % 100, Math.floor(index / 100), 7]);
      expect(table.add(state, index - 1, index)).toBe(true);
      expect(table.add(state, -1, -1)).toBe(false);
    }
    expect(table.size).toBe(20_000);
    expect(table.read(12_345, state)).toEqual(new Int32Array([45, 123, 7]));
    expect(table.pathTo(4)).toEqual([1, 2, 3, 4]);
    expect(table.depth(12_345)).toBe(12_345);
  });
});

describe('the options of the check', () => {
  it('The options of the exhaustive check choose all models and mutants unless some are named', () => {
    expect(readOptions([])).toMatchObject({ worlds: { length: models.length }, mutants: { length: mutants.length } });
    expect(readOptions(['--world', '2x2'])).toMatchObject({ worlds: ['2x2'], mutants: [] });
    expect(readOptions(['--mutants'])).toMatchObject({ worlds: [], mutants: { length: mutants.length } });
  });

  it.each(['--world=9x9', '--mutant=none', '--workers=0', '--nonsense'])(
    'The options of the exhaustive check refuse %s',
    (argument) => {
      expect(() => readOptions([argument])).toThrow(UsageError);
    },
  );
});
