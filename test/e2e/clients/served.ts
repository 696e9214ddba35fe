/** A server with keys, for a client that is written in something else, and what it says of itself, in a folder of the client's own. */
import fs from 'node:fs';
import path from 'node:path';
import { Serving } from '../../support/cli/serving.js';
import { as, keyFile } from '../../support/http/key-file.js';
import { checkout, run, type Ran } from '../../support/package/project.js';

/** Whose key is what, as programs take it on their command line. */
export const KEYS = JSON.stringify(
  Object.fromEntries(Object.entries(as).map(([whose, { authorization }]) => [whose, authorization.slice(7)])),
);

export interface Served {
  readonly url: string;
  /** Holds openapi.json. */
  readonly folder: string;
  end(): Promise<number>;
}

/** Serves a new log from `folder`, which is made. */
export async function serve(folder: string): Promise<Served> {
  const serving = await Serving.start('--keys', await keyFile(), '--data', path.join(folder, 'market'));
  const response = await fetch(`${serving.url}/openapi.json`);
  fs.writeFileSync(path.join(folder, 'openapi.json'), await response.text());
  return { url: serving.url, folder, end: () => serving.end() };
}

/** Runs one of the programs that lie beside this, in Python. */
export function runPython(program: string, ...args: readonly string[]): Promise<Ran> {
  return run(checkout, 'python3', '-B', path.join(import.meta.dirname, 'programs', program), ...args);
}
