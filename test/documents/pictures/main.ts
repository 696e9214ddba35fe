/** `npm run docs:pictures`: writes the pictures of the documents. */
import { writeFileSync } from 'node:fs';
import { pictures } from './registry.js';

for (const [path, draw] of Object.entries(pictures)) {
  writeFileSync(new URL(`../../../${path}`, import.meta.url), await draw());
}
