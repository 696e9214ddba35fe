/** `npm run docs`: writes the pages that are made from the code, and says which of them changed; and draws the pictures. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pictures } from './pictures/registry.js';
import { ExitCode, optionsIn, runRig, say } from '../support/rig.js';
import { pages, root, written } from './registry.js';

const usage = `npm run docs

Writes the pages that are made from the code, and says which of them changed; and draws the pictures.
`;

async function main(args: readonly string[]): Promise<number> {
  optionsIn(args, {});
  for (const path of Object.keys(pages)) {
    const file = new URL(path, root);
    const text = await written(path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    writeFileSync(file, text);
    say(path);
  }
  for (const [path, draw] of Object.entries(pictures)) writeFileSync(new URL(path, root), await draw());
  return ExitCode.Fine;
}

await runRig('docs', usage, main);
