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

  it('The Dockerfile builds every stage under a name, on one pinned image of a Node that the package takes', () => {
    const stages = all('FROM').map((args) => args.split(' '));
    expect(stages.map(([, as, name]) => `${as} ${name}`)).toEqual(['AS build', 'AS packages', 'AS exchange']);
    expect(new Set(stages.map(([image]) => image)).size).toBe(1);
    const image = stages[0]?.[0] ?? '';
    expect(image).toMatch(PINNED_IMAGE);
    expect(image).toContain(`node:${textOf('.nvmrc').trim().replace('v', '').split('.')[0]}.`);
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

  it('The Dockerfile copies between stages only from those that came before, and only from their folder', () => {
    const known: string[] = [];
    for (const { keyword, args } of instructions) {
      if (keyword === 'FROM') known.push(args.split(' ').at(-1) ?? '');
      const [, stage, source] = /^--from=(\S+) (\S+)/.exec(keyword === 'COPY' ? args : '') ?? [];
      if (stage !== undefined)
        expect([known.slice(0, -1), source]).toEqual([
          expect.arrayContaining([stage]),
          expect.stringMatching(/^\/app\//),
        ]);
    }
  });

  it('The Dockerfile ships no development packages, and runs as a user that is not root', () => {
    expect(all('RUN').filter((command) => command.startsWith('npm ci'))).toEqual([
      'npm ci --ignore-scripts',
      'npm ci --omit=dev --ignore-scripts',
    ]);
    expect(all('COPY')).toContain('--from=packages /app/node_modules node_modules');
    expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const user = instructions.findIndex(({ keyword }) => keyword === 'USER');
    expect(instructions.slice(user).filter(({ keyword }) => ['RUN', 'COPY', 'ADD'].includes(keyword))).toEqual([]);
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
