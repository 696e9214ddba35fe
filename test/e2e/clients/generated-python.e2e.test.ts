import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { commandLineFolder } from '../../support/cli/suite.js';
import { describeWith } from '../../support/needs/suite.js';
import { type Ran, run } from '../../support/package/project.js';
import { KEYS, runPython, serve } from './served.js';

/** Words instead of classes for what has few values; no tool of Python's that would format what is made. */
const CONFIG = 'literal_enums: true\npost_hooks: []\n';

function generate(folder: string): Promise<Ran> {
  fs.writeFileSync(path.join(folder, 'config.yml'), CONFIG);
  const from = ['--path', 'openapi.json', '--config', 'config.yml'];
  return run(
    folder,
    ...(['python3', '-m', 'openapi_python_client', 'generate', ...from] as const),
    ...['--meta', 'none', '--output-path', 'parley_client'],
  );
}

await describeWith('openapi-python-client', 'a client in Python, made from the OpenAPI document', () => {
  const folder = commandLineFolder();

  it('A client in Python that is made from the OpenAPI document asks for every operation and is answered in its types', async () => {
    const served = await serve(folder);
    const made = await generate(folder);
    expect(made.code, made.stderr).toBe(0);
    // It knows of no streams of lines, as a body and as an answer, and says so.
    const passedOver = made.stderr.split('\n').filter((line) => /^(Cannot parse|Unsupported)/.test(line));
    expect(passedOver.map((line) => line.includes('application/x-ndjson'))).toEqual([true, true]);
    expect(made.stderr.match(/WARNING|ERROR/g)).toEqual(['WARNING', 'WARNING']);

    const ran = await runPython('generated_client.py', served.url, folder, KEYS);
    expect(ran).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+ operations asked\n$/), stderr: '' });
    expect(await served.end()).toBe(0);
  });
});
