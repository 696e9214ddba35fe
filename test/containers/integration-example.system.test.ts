/** examples/integration-test as its readers have it: in a folder of its own, with the package as it is packed, against containers. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { DEFAULT_IMAGE } from '../../src/testcontainers/default-image.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { describeWith } from '../support/needs/suite.js';
import { checkout, packCopy, run } from '../support/package/project.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { imageFor } from '../support/servers/container-engine.js';
import { testcontainersSettings } from '../support/servers/testcontainers.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const example = path.join(checkout, 'examples/integration-test');

await describeWith(['npm', 'parley-image', 'kafka-image'], 'the sample project with an integration test', () => {
  const whenOver = whenSuiteIsOver();
  const folder = temporaryFolder();
  whenOver(() => removeFolder(folder));
  const project = path.join(folder, 'project');

  beforeAll(async () => {
    const archive = await packCopy(folder, []);
    fs.cpSync(example, project, { recursive: true, filter: (name) => !name.includes('node_modules') });
    fs.copyFileSync(archive, path.join(project, path.basename(archive)));
    const { code, stderr } = await run(project, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
    expect({ code, stderr }).toMatchObject({ code: 0 });
  }, PROGRAM_PATIENCE_MS);

  it('The sample project compiles against the package that it has installed', async () => {
    expect(await run(project, 'npm', 'run', '--silent', 'types')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it(
    'The suite of the sample project passes against an exchange, a Kafka and a proxy in containers',
    async () => {
      const images = { PARLEY_IMAGE: DEFAULT_IMAGE, KAFKA_IMAGE: await have('kafka'), NODE_IMAGE: await have('node') };
      const environment = Object.entries({ ...images, ...(await testcontainersSettings()), NO_COLOR: '1' });
      const assignments = environment.map(([name, value]) => `${name}=${value}`);
      const { code, stdout, stderr } = await run(project, 'env', ...assignments, 'npm', 'test');
      expect({ code, said: stdout + stderr }).toMatchObject({
        code: 0,
        said: expect.stringMatching(/Tests +3 passed \(3\)/),
      });
    },
    PROGRAM_PATIENCE_MS,
  );
});

/** What the suite's needs have found. */
async function have(name: string): Promise<string> {
  const found = await imageFor(name);
  return 'image' in found ? found.image : '';
}
