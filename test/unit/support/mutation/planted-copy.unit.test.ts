import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { plantedCopy } from '../../../support/mutation/planted-copy.js';
import { built } from '../../../support/cli/parley.js';

interface RefusalModule {
  refuse(code: string): unknown;
}

describe('a planted copy', () => {
  beforeAll(built);

  it('A planted copy is the compiled project with the one mutated file in it', async () => {
    const copy = plantedCopy({
      name: `unit-test-${process.pid}`,
      what: 'every refusal has the same code',
      file: 'src/domain/refusal.ts',
      replacements: [{ text: 'ok: false, code,', by: "ok: false, code: 'NOT_YOURS'," }],
    });
    onTestFinished(() => {
      fs.rmSync(copy, { recursive: true });
    });
    const url = pathToFileURL(path.join(copy, 'src/domain/refusal.js')).href;
    const { refuse } = (await import(url)) as RefusalModule; // the module's one function, compiled
    expect(refuse('NOT_LESS')).toMatchObject({ ok: false, code: 'NOT_YOURS' });
  });
});
