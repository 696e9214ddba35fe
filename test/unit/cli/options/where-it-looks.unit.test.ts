import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { logIsGiven, readsLog } from '../../../../src/cli/options/where-it-looks.js';
import type { LookOptions } from '../../../../src/cli/options/options.js';
import { Verb } from '../../../../src/cli/options/verb.js';
import { Terminal } from '../../../../src/cli/terminal/terminal.js';
import { takeSettingsAway } from '../../../support/cli/plain-environment.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Looked {
  /** `log`, `exchange`, or why it is refused. */
  readonly looks: string;
  readonly notes: string;
}

/** Where a verb looks that is given these options and finds these variables; or the refusal. */
function look(args: readonly string[], env: Readonly<Record<string, string>>): Looked {
  takeSettingsAway();
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const stderr = new PassThrough();
  const terminal = new Terminal({ stdout: new PassThrough(), stderr, env });
  const verb = new Verb('look').lookOptions().exitOverride();
  verb.parse(args, { from: 'user' });
  const notes = (): string => String((stderr.read() as Buffer | null) ?? '');
  try {
    return { looks: readsLog(terminal, verb, verb.opts<LookOptions>()) ? 'log' : 'exchange', notes: notes() };
  } catch (error) {
    return { looks: (error as Error).message, notes: notes() }; // what the verb throws is a Failure
  }
}

const flags = {
  none: [],
  '--data': ['--data', 'd'],
  '--log': ['--log', 'embedded'],
  '--shard': ['--shard', '0'],
  '--at': ['--at', '5'],
  '--url': ['--url', 'http://127.0.0.1:9'],
  '--key': ['--key', 'k'],
} as const;
type Flag = keyof typeof flags;

const variables = {
  none: {},
  PARLEY_DATA: { PARLEY_DATA: 'e' },
  PARLEY_LOG: { PARLEY_LOG: 'embedded' },
  PARLEY_CONFIG: { PARLEY_CONFIG: '/dev/null' },
  PARLEY_URL: { PARLEY_URL: 'http://127.0.0.1:8' },
  PARLEY_KEY: { PARLEY_KEY: 'k' },
  'PARLEY_TOPIC and PARLEY_SHARD': { PARLEY_TOPIC: 't', PARLEY_SHARD: '0' },
  'PARLEY_DATA and PARLEY_KEY': { PARLEY_DATA: 'e', PARLEY_KEY: 'k' },
  'PARLEY_DATA and PARLEY_URL': { PARLEY_DATA: 'e', PARLEY_URL: 'http://127.0.0.1:8' },
  'PARLEY_LOG and PARLEY_URL': { PARLEY_LOG: 'embedded', PARLEY_URL: 'http://127.0.0.1:8' },
} as const;
type Variables = keyof typeof variables;

const ofEnvironment: Readonly<Record<Variables, string>> = {
  none: 'exchange',
  PARLEY_DATA: 'log',
  PARLEY_LOG: 'log',
  PARLEY_CONFIG: 'log',
  PARLEY_URL: 'exchange',
  PARLEY_KEY: 'exchange',
  'PARLEY_TOPIC and PARLEY_SHARD': 'exchange',
  'PARLEY_DATA and PARLEY_KEY': 'log',
  'PARLEY_DATA and PARLEY_URL': 'PARLEY_DATA reads the log and PARLEY_URL asks the exchange',
  'PARLEY_LOG and PARLEY_URL': 'PARLEY_LOG reads the log and PARLEY_URL asks the exchange',
};

const names = Object.keys(variables) as Variables[]; // it has no other keys
const ofLog: readonly Flag[] = ['--data', '--log', '--shard', '--at'];
const ofExchange: readonly Flag[] = ['--url', '--key'];

describe('where a verb looks', () => {
  it.each(names)('A verb that looks follows the environment where the command line says nothing: %s', (name) => {
    expect(look(flags.none, variables[name]).looks).toContain(ofEnvironment[name]);
  });

  it.each(ofLog.flatMap((flag) => names.map((name) => [flag, name] as const)))(
    'A verb that looks reads the log with %s, whatever the environment says: %s',
    (flag, name) => {
      const env: Readonly<Record<string, string>> = variables[name];
      const { looks, notes } = look(flags[flag], env);
      expect(looks).toBe('log');
      const isKept = flag === '--at' && 'PARLEY_URL' in env;
      const folder = env.PARLEY_DATA ?? 'parley-data';
      expect(notes).toBe(isKept ? `--at reads the log in ${folder}, and not the exchange of PARLEY_URL\n` : '');
    },
  );

  it.each(ofExchange.flatMap((flag) => names.map((name) => [flag, name] as const)))(
    'A verb that looks asks the exchange with %s, whatever the environment says: %s',
    (flag, name) => {
      expect(look(flags[flag], variables[name])).toEqual({ looks: 'exchange', notes: '' });
    },
  );

  it.each(ofLog.flatMap((log) => ofExchange.map((exchange) => [log, exchange] as const)))(
    'A verb that looks refuses %s and %s together, naming both',
    (log, exchange) => {
      const { looks } = look([...flags[log], ...flags[exchange]], {});
      expect(looks).toBe(`${log} reads the log and ${exchange} asks the exchange: give one or the other`);
    },
  );

  it('What only an exchange can do, such as listing an instrument, goes by the command line alone', () => {
    vi.stubEnv('PARLEY_DATA', 'e');
    const given = (args: readonly string[]): boolean => {
      return logIsGiven(new Verb('list').lookOptions().parse(args, { from: 'user' }));
    };
    expect([given([]), given(['--url', 'http://127.0.0.1:9'])]).toEqual([false, false]);
    expect([given(['--data', 'd']), given(['--at', '5'])]).toEqual([true, true]);
  });

  it('The help of a verb that looks says where it looks', () => {
    let help = '';
    new Verb('look')
      .lookOptions()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    expect(help).toContain('Where it looks:');
  });
});
