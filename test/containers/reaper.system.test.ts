import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { describeWith } from '../support/needs/suite.js';
import { docker } from '../support/containers/docker.js';
import { imageFor } from '../support/servers/container-engine.js';
import { testcontainersSettings } from '../support/servers/testcontainers.js';

/** Starts a container on a network, says so, and stays. */
const program = `
import { GenericContainer, Network } from 'testcontainers';
const network = await new Network().start();
const container = await new GenericContainer(process.argv[1]).withNetwork(network).withCommand(['sleep', 'infinity']).start();
console.log(JSON.stringify([container.getId(), network.getId()]));
`;

await describeWith(['ryuk-image', 'parley-image'], 'what tests with testcontainers have started', () => {
  it('A container and a network that a test has started go when the test is killed', async () => {
    const node = await imageFor('node'); // parley-image stands on it
    const image = 'image' in node ? node.image : '';
    const killed = spawn(process.execPath, ['--input-type=module', '--eval', program, image], {
      env: { ...process.env, ...(await testcontainersSettings()) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(killed.stdout), 'line')) as [string];
    const [container = '', network = ''] = JSON.parse(line) as string[];
    killed.kill('SIGKILL');
    await expect.poll(() => docker('ps', '--all', '--quiet', '--no-trunc')).not.toContain(container);
    await expect.poll(() => docker('network', 'ls', '--quiet', '--no-trunc')).not.toContain(network);
  });
});
