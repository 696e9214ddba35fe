/** `npm run docs`: writes the pages that are made from the code, and says which of them changed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pages, root, written } from './registry.js';

for (const path of Object.keys(pages)) {
  const file = new URL(path, root);
  const text = await written(path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  writeFileSync(file, text);
  process.stdout.write(`${path}\n`);
}
