import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pictures } from '../../documents/pictures/registry.js';
import { flawOf } from '../projections/handshake/well-formed.js';

describe('the pictures of the documents', () => {
  it.each(Object.entries(pictures))('A picture of the documents is what the code draws: %s', async (path, draw) => {
    const file = new URL(`../../../${path}`, import.meta.url);
    const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
    expect(committed, 'npm run docs draws them').toBe(await draw());
  });

  it.each(Object.entries(pictures))('A picture of the documents needs nothing else: %s', async (_path, draw) => {
    const picture = await draw();
    expect(flawOf(picture)).toBeUndefined();
    expect(picture).not.toMatch(/href|<script|url\(|@media/);
  });
});
