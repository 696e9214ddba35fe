import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pages, root, written } from '../../documents/registry.js';

describe('the pages that are made from the code', () => {
  it.each(Object.keys(pages))(
    'A page that is made from the code says what npm run docs writes now: %s',
    async (path) => {
      const file = new URL(path, root);
      const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
      expect(committed, `${path} is not what the code says: run npm run docs`).toBe(await written(path));
    },
  );
});
