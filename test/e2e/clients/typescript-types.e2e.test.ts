import fs from 'node:fs';
import path from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { describe, expect, it } from 'vitest';
import { commandLineFolder } from '../../support/cli/suite.js';
import { checkout, linkPackages, type Ran, run } from '../../support/package/project.js';
import { KEYS, serve } from './served.js';

const strict = {
  ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, verbatimModuleSyntax: true },
  ...{ target: 'es2022', lib: ['es2023'], module: 'nodenext', types: ['node'], skipLibCheck: true },
};

/** Types from the document, beside a program that knows nothing else, compiled as a project of its own. */
async function compile(folder: string): Promise<Ran> {
  const document = fs.readFileSync(path.join(folder, 'openapi.json'), 'utf8');
  // As a .ts file, so that it is checked itself. What has a default may be left out, as everywhere in JSON Schema.
  const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
  fs.writeFileSync(path.join(folder, 'parley.ts'), types);
  fs.copyFileSync(path.join(import.meta.dirname, 'programs/typed-client.ts.txt'), path.join(folder, 'typed-client.ts'));
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const config = { compilerOptions: strict, files: ['typed-client.ts'] };
  fs.writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  linkPackages(folder, (name) => ['@types', 'undici-types'].includes(name));
  return run(folder, process.execPath, path.join(checkout, 'node_modules/typescript/bin/tsc'), '-p', '.');
}

describe('types in TypeScript, made from the OpenAPI document', () => {
  const folder = commandLineFolder();

  it('A program in strict TypeScript compiles against types that are made from the OpenAPI document, and what it is answered is of these types', async () => {
    const served = await serve(folder);
    expect(await compile(folder)).toEqual({ code: 0, stdout: '', stderr: '' });
    const ran = await run(folder, process.execPath, 'typed-client.js', served.url, KEYS);
    expect(ran).toEqual({ code: 0, stdout: 'all as typed\n', stderr: '' });
    expect(await served.end()).toBe(0);
  });
});
