import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkout } from '../../support/deploy/files.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';

/** What the script itself needs of a system; without apt-get, dockerd and others that a machine may have. */
const TOOLS = ['bash', 'basename', 'cat', 'dirname', 'env', 'grep', 'id', 'mkdir', 'sed', 'seq', 'sleep', 'tail'];

interface Engine {
  /** Images that it has from the start. */
  readonly has: readonly string[];
  /** Images that registries answer for. */
  readonly registry: readonly string[];
}

/** A stand-in for Docker's command: it answers for an engine that has some images, and writes down what it is asked to pull. */
const docker = ({ has, registry }: Engine, pulls: string): string => `#!/usr/bin/env bash
here=" ${has.join(' ')} "; served=" ${registry.join(' ')} "
case "$1" in
  info) exit 0 ;;
  version) echo 1.2.3 ;;
  image) [[ "$here" == *" \${*: -1} "* ]] ;;
  pull) echo "\${*: -1}" >> ${pulls}; [[ "$served" == *" \${*: -1} "* ]] ;;
  *) exit 1 ;;
esac
`;

await describeWith(['bash', 'linux'], 'npm run containers:up', () => {
  const folder = temporaryFolder();
  afterAll(() => removeFolder(folder));
  let machines = 0;

  // A copy, in a checkout of its own: what this checkout has started is not to be ended.
  const own = path.join(folder, 'checkout/infra/containers');
  for (const file of ['containers.sh', 'make-image.sh', 'images.tsv'])
    cpSync(path.join(checkout, 'infra/containers', file), path.join(own, file));

  /** Runs the script where there is nothing but its tools and, if one is given, an engine. */
  function run(args: readonly string[], engine?: Engine) {
    const bin = path.join(folder, `bin-${++machines}`);
    const pulls = path.join(bin, 'pulls');
    mkdirSync(bin);
    for (const tool of TOOLS) symlinkSync(pathOf(tool), path.join(bin, tool));
    writeFileSync(pulls, '');
    if (engine !== undefined) writeFileSync(path.join(bin, 'docker'), docker(engine, pulls), { mode: 0o755 });
    const { status, stdout, stderr } = spawnSync(path.join(own, 'containers.sh'), args, {
      env: { PATH: bin },
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr, pulls: readFileSync(pulls, 'utf8').trim().split('\n') };
  }

  it('Containers:up says in one line that no engine answers and none can be started, and ends with 77', () => {
    const { code, stdout } = run(['up']);
    expect(code).toBe(77);
    expect(stdout).toBe('skipped: no container engine answers, and there is no dockerd to start\n');
  });

  it('Containers:up pulls what a registry answers for, and leaves what is there as it is', () => {
    const engine = { has: ['apache/kafka:4.0.1'], registry: ['prom/prometheus:v3.5.0'] };
    const { code, stdout, pulls } = run(['up', 'kafka', 'prometheus'], engine);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^engine +answers +1\.2\.3\nkafka +here +apache\/kafka:4\.0\.1\nprometheus +pulled in \d+ s +prom/,
    );
    expect(pulls).toEqual(['prom/prometheus:v3.5.0']);
  });

  it('Containers:up asks a registry that does not answer once, and uses what was made before', () => {
    const engine = { has: ['parley-made/kafka:4.0.1', 'parley-made/prometheus:bookworm'], registry: [] };
    const { code, stdout, pulls } = run(['up', 'kafka', 'grafana', 'eventstoredb', 'prometheus'], engine);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kafka +made before +parley-made\/kafka:4\.0\.1$/m);
    expect(stdout).toMatch(/^prometheus +made before +parley-made/m);
    expect(stdout).toMatch(
      /^grafana +not to be had +grafana\/grafana:[\d.]+: no registry answers, and it cannot be made here$/m,
    );
    expect(pulls).toHaveLength(1);
  });

  it('Containers:up says which image could not be made, and ends with 1', () => {
    const { code, stdout } = run(['up', 'prometheus', 'kafka'], { has: [], registry: ['apache/kafka:4.0.1'] });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^prometheus +could not be made/m);
  });

  it('Containers:list says of each image whether it is there, and under which name', () => {
    const { code, stdout } = run(['list'], { has: ['parley-made/kafka:4.0.1', 'debian:12.11-slim'], registry: [] });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^debian +pulled +debian:12\.11-slim$/m);
    expect(stdout).toMatch(/^kafka +made here +parley-made\/kafka:4\.0\.1$/m);
    expect(stdout).toMatch(/^node +not here/m);
  });

  it('Containers:down leaves an engine alone that somebody else started', () => {
    const { code, stdout } = run(['down'], { has: [], registry: [] });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^engine +left as it is/);
  });

  it('The script of containers tells how it is called, and ends with 2 where it is called otherwise', () => {
    expect(run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('containers:down') as string });
    expect(run(['sideways'])).toMatchObject({ code: 2, stderr: expect.stringContaining('containers:up') as string });
  });
});

function pathOf(tool: string): string {
  return spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
}
