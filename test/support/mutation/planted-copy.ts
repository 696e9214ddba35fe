/** Compiled copies of the whole project with one mutant in it, to be run in a process of their own. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { type Mutant, mutated } from './mutant.js';

const COPIED = ['src', 'projections', 'infra', 'test'];

/**
 * Copies what `dist` holds of the project to `dist/mutants/<name>` and compiles the mutated source into it. Returns the copy's folder.
 * `dist` must be up to date; what was not built (the programs under `test`) is left out. Files are copied, not linked: the next build writes into the old ones.
 */
export function plantedCopy(mutant: Mutant): string {
  const root = repositoryRoot();
  const source = mutated(mutant, fs.readFileSync(path.join(root, mutant.file), 'utf8'));
  const dist = path.join(root, 'dist');
  const copy = path.join(dist, 'mutants', mutant.name);
  fs.rmSync(copy, { recursive: true, force: true });
  for (const folder of COPIED.filter((each) => fs.existsSync(path.join(dist, each)))) {
    fs.cpSync(path.join(dist, folder), path.join(copy, folder), {
      recursive: true,
      filter: (from) => !from.endsWith('.map'),
    });
  }
  fs.writeFileSync(path.join(copy, mutant.file.replace(/\.ts$/, '.js')), compiled(source));
  return copy;
}

/** A source as the build compiles it, but for what other sources have to say about it. */
export function compiled(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  return outputText;
}

/** The nearest folder above that holds package.json; this module runs from the source and from `dist` alike. */
function repositoryRoot(): string {
  let folder = import.meta.dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) {
    if (folder === path.dirname(folder)) throw new Error('no package.json above this module');
    folder = path.dirname(folder);
  }
  return folder;
}
