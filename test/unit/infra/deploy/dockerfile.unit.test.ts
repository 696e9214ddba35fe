import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { execForm, instructionsOf } from '../../../support/deploy/dockerfile.js';
import { checkout, PINNED_IMAGE, textOf } from '../../../support/deploy/files.js';
import { skipWithout } from '../../../support/needs/suite.js';
import { serveFlags, servePort, serveSettings } from '../../../support/deploy/serve-options.js';

const DOCKERFILE = 'infra/deploy/Dockerfile';
const instructions = instructionsOf(DOCKERFILE);
const all = (keyword: string): string[] =>
  instructions.filter((each) => each.keyword === keyword).map(({ args }) => args);
const last = (keyword: string): string => all(keyword).at(-1) ?? '';
const ignored = textOf('.dockerignore').split('\n');
/** What a clean checkout has. */
function trackedFiles(): string[] {
  const args = ['ls-files', '-co', '--exclude-standard'];
  return execFileSync('git', args, { cwd: checkout, encoding: 'utf8' }).split('\n');
}

describe('the Dockerfile', () => {
  it('The Dockerfile is one that a linter has nothing to say about', () => {
    expect(validate(textOf(DOCKERFILE)).map(({ message }) => message)).toEqual([]);
  });

  it('The Dockerfile builds every stage on one image, by default a pinned one of a Node that the package takes', () => {
    expect(all('FROM')).toEqual([
      '${NODE_IMAGE} AS build',
      '${NODE_IMAGE} AS packages',
      'build AS files',
      '${NODE_IMAGE} AS exchange',
    ]);
    expect(instructions[0]).toMatchObject({ keyword: 'ARG', args: expect.stringMatching(/^NODE_IMAGE=/) });
    const image = instructions[0]?.args.replace('NODE_IMAGE=', '') ?? '';
    expect(image).toMatch(PINNED_IMAGE);
    expect(image).toContain(`node:${textOf('.nvmrc').trim().replace('v', '').split('.')[0]}.`);
  });

  it('The Dockerfile makes one layer of what it gathers under one time, and writes nothing after it', () => {
    const exchange = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === 'FROM') + 1);
    const writing = exchange.filter(({ keyword }) => ['RUN', 'COPY', 'ADD'].includes(keyword));
    expect(writing).toEqual([{ keyword: 'COPY', args: '--from=files /image /' }]);
    expect(exchange[0]).toBe(writing[0]);
    expect(all('ARG')).toContainEqual(expect.stringMatching(/^SOURCE_DATE_EPOCH=\d+$/));
  });

  it('The Dockerfile says by its labels what the manifest says, and everything that names the image names its version', () => {
    const { version, license, description } = JSON.parse(textOf('package.json')) as Record<string, string>; // those are texts
    const labels = last('LABEL').replaceAll('org.opencontainers.image.', '');
    expect(labels).toContain(` version=${version} `);
    expect(labels).toContain(` licenses=${license} `);
    expect(labels).toContain(` description="${description}" `);
    const naming = [
      'infra/README.md',
      DOCKERFILE,
      'infra/deploy/compose.yaml',
      'infra/deploy/kubernetes/exchanges.yaml',
    ];
    for (const file of naming) {
      const tags = [...textOf(file).matchAll(/(?<=[\s:]-?)parley:(\d[\w.-]*\w)/g)].map(([, tag]) => tag);
      expect(new Set(tags), file).toEqual(new Set([version]));
    }
  });

  it('The Dockerfile copies only what a clean checkout has and the build context lets through', async (context) => {
    await skipWithout(context, 'git');
    const tracked = trackedFiles();
    expect(ignored.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
    const sources = all('COPY').flatMap((args) => (args.startsWith('--from=') ? [] : args.split(' ').slice(0, -1)));
    expect(sources).toContain('src');
    for (const source of sources) {
      expect(
        tracked.some((file) => file === source || file.startsWith(`${source}/`)),
        source,
      ).toBe(true);
      expect(ignored, source).toContain(`!${source}`);
    }
    expect(ignored).toContain('infra/deploy');
  });

  it('The Dockerfile copies between stages only from those that came before, and only what they made', () => {
    const known: string[] = [];
    for (const { keyword, args } of instructions) {
      if (keyword === 'FROM') known.push(args.split(' ').at(-1) ?? '');
      const [, stage, source] = /^--from=(\S+) (\S+)/.exec(keyword === 'COPY' ? args : '') ?? [];
      if (stage !== undefined)
        expect([known.slice(0, -1), source]).toEqual([
          expect.arrayContaining([stage]),
          expect.stringMatching(/^\/(app|image)$/),
        ]);
    }
  });

  it('The Dockerfile ships no development packages, and runs as a user that is not root', () => {
    const [build, packages] = all('RUN').filter((command) => command.includes('npm ci'));
    expect(build).toBe('npm ci --ignore-scripts');
    expect(packages).toMatch(/^npm pkg delete devDependencies [^&]*&& npm ci --ignore-scripts /);
    expect(all('RUN').at(-1)).toContain('/packages/node_modules');
    expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('The Dockerfile starts what the build makes, as the first process, with options that serve has', () => {
    const [program, script = ''] = execForm(last('ENTRYPOINT'));
    expect(program).toBe('node');
    const source = script.replace(/^dist\//, '').replace(/\.js$/, '.ts');
    expect(existsSync(path.join(checkout, source)), source).toBe(true);
    const [verb, ...args] = execForm(last('CMD'));
    expect(verb).toBe('serve');
    const flags = args.filter((arg) => arg.startsWith('--'));
    expect(serveFlags).toEqual(expect.arrayContaining(flags));
    // On an address that others reach, serve refuses to start without keys.
    expect(flags).toEqual(expect.arrayContaining(['--host', '--keys']));
  });

  it('The Dockerfile ends the process when a shard has stopped for good, so that its supervisor starts it again', () => {
    expect(all('ENV')).toContain('PARLEY_EXIT_ON_STOP=1');
    expect(serveSettings).toContain('PARLEY_EXIT_ON_STOP');
  });

  it('The Dockerfile shows the port, the folder and the health of a server that has no other settings', () => {
    expect(last('EXPOSE')).toBe(`${servePort}`);
    expect(last('HEALTHCHECK')).toContain(`http://127.0.0.1:${servePort}/health/live`);
    expect(execForm(last('HEALTHCHECK').replace(/^.*? CMD /, ''))[0]).toBe('node');
    expect(all('ENV')).toContain(`PARLEY_DATA=${last('VOLUME')}`);
    expect(serveSettings).toContain('PARLEY_DATA');
  });
});
