import { PassThrough } from 'node:stream';
import type { Option } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../../../src/cli/program.js';
import { Terminal } from '../../../../src/cli/terminal/terminal.js';
import { takeSettingsAway } from '../../../support/cli/plain-environment.js';
import { runInProcess } from '../../../support/cli/in-process.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What is done once, by somebody who knows why, and must not be done again by each start. */
const ACTS = ['--demo', '--take-over', '--accept-loss'];
/** Called otherwise than their options. */
const NAMED: Readonly<Record<string, string>> = { '--patience': 'PARLEY_PATIENCE_S' };
const examples: Readonly<Record<string, string>> = {
  ...{ '<port>': '8080', '<url>': 'http://10.0.0.7:7070', '<origin>': 'https://desk.example' },
};

const variableOf = ({ long = '' }: Option): string =>
  NAMED[long] ?? `PARLEY_${long.slice(2).replaceAll('-', '_').toUpperCase()}`;

/** The verb, with an action that only tells what it was given. */
async function serve(...args: readonly string[]) {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough(), env: {} };
  const program = await createProgram(new Terminal(streams), '0', ['serve']);
  const verb = program.commands.find((each) => each.name() === 'serve');
  if (verb === undefined) throw new Error('there is no verb serve');
  let given: Record<string, unknown> = {};
  verb.action((options: Record<string, unknown>) => {
    given = options;
  });
  await program.parseAsync(['serve', ...args], { from: 'user' });
  return { verb, given };
}

describe('serve', () => {
  it('The verb serve has a variable for every option that operators set, called like it and shown in its help', async () => {
    takeSettingsAway();
    const { verb } = await serve();
    const help = verb.helpInformation().replace(/\s+/g, ' ');
    for (const option of verb.options.filter(({ long }) => !ACTS.includes(long ?? ''))) {
      expect(option.envVar, option.flags).toBe(variableOf(option));
      expect(help).toContain(`env: ${variableOf(option)}`);
    }
  });

  it('The verb serve takes from the environment what the command line could say, and the command line first', async () => {
    takeSettingsAway();
    const { verb } = await serve();
    for (const option of verb.options.filter(({ envVar, argChoices }) => envVar !== undefined && !argChoices)) {
      const value = option.isBoolean() ? '1' : (examples[/<.*>/.exec(option.flags)?.[0] ?? ''] ?? '1');
      vi.stubEnv(variableOf(option), option.long === '--brokers' ? 'localhost:9092' : value);
    }
    vi.stubEnv('PARLEY_LOG_LEVEL', 'debug');
    vi.stubEnv('PARLEY_LOG_FORMAT', 'pretty');
    const { given } = await serve('--port', '1234');
    expect(given).toMatchObject({
      ...{ port: 1234, host: '1', keys: '1', logLevel: 'debug', logFormat: 'pretty', exitOnStop: true },
      ...{ snapshotEvery: 1, maxClockAhead: 1, anchor: '1', anchorEvery: 1, healthPort: 8080 },
      ...{ maxConnections: 1, maxWaiting: 1, maxStreamMemory: 1, maxStreamLines: 1, maxRows: 1, maxFeeds: 1 },
      ...{ rate: 1, burst: 1, signatureWindow: 1, allowOrigin: new Set(['https://desk.example']) },
      ...{ maxLag: 1, feedStall: 1, requestTimeout: 1, advertise: 'http://10.0.0.7:7070', clusterKey: '1' },
    });
  });

  it.each([
    ['PARLEY_PORT', 'many', 'a port is a whole number'],
    ['PARLEY_PORT', '', 'a port is a whole number'],
    ['PARLEY_HOST', '', 'it must be a name or an address'],
    ['PARLEY_KEYS', '', 'it must name a file'],
    ['PARLEY_LOG_LEVEL', 'loud', 'Allowed choices are trace, debug'],
    ['PARLEY_LOG_FORMAT', 'xml', 'Allowed choices are pretty, json'],
    ['PARLEY_EXIT_ON_STOP', 'perhaps', 'PARLEY_EXIT_ON_STOP is true or false'],
  ])('The verb serve refuses %s=%s, by its name', async (variable, value, says) => {
    takeSettingsAway();
    vi.stubEnv(variable, value);
    const streams = { stdout: new PassThrough(), stderr: new PassThrough(), env: process.env };
    const program = await createProgram(new Terminal(streams), '0', ['serve']);
    let said = '';
    program.commands.find((each) => each.name() === 'serve')?.configureOutput({ writeErr: (text) => (said += text) });
    const refused = await program.parseAsync(['serve'], { from: 'user' }).catch((error: unknown) => error);
    expect(`${said}${String(refused)}`).toContain(variable);
    expect(`${said}${String(refused)}`).toContain(says);
  });

  it('The verb serve passes over what Kubernetes puts into such variables for a service named parley', async () => {
    takeSettingsAway();
    vi.stubEnv('PARLEY_PORT', 'tcp://10.96.0.12:7070');
    vi.stubEnv('PARLEY_HEALTH_PORT', 'tcp://10.96.0.13:7071');
    const { given } = await serve();
    expect(given).toMatchObject({ port: 7070 });
    expect(given).not.toHaveProperty('healthPort');
  });

  it('The verb serve still refuses such an address on the command line', async () => {
    expect(await runInProcess(['serve', '--port', 'tcp://10.96.0.12:7070'])).toMatchObject({ code: 2 });
  });
});
