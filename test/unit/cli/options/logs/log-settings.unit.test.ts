import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addLogOptions, type LogOptionsUse } from '../../../../../src/cli/options/logs/log-options.js';
import { settingsOf, type SettingsUse } from '../../../../../src/cli/options/logs/read-settings.js';
import type { LogSettings } from '../../../../../src/app/logs/settings.js';
import { takeSettingsAway } from '../../../../support/cli/plain-environment.js';
import { removeFolder, temporaryFolder } from '../../../../support/log/temporary-folder.js';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
beforeEach(takeSettingsAway);
afterEach(() => {
  vi.unstubAllEnvs();
});

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: unknown;
  readonly use?: SettingsUse & LogOptionsUse;
}

/** Settings as a verb reads them from a command line of one string. */
function settings(line: string, { env = {}, file, use = { makes: true } }: Given = {}): LogSettings {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const words = line === '' ? [] : line.split(' ');
  if (file !== undefined) {
    const name = path.join(folder, 'config.json');
    writeFileSync(name, typeof file === 'string' ? file : JSON.stringify(file));
    words.push('--config', name);
  }
  const command = addLogOptions(new Command(), use).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  command.parse(words, { from: 'user' });
  return settingsOf(command, process.env, use);
}

const usage = (says: string | RegExp): object => ({ exitCode: 2, message: expect.stringMatching(says) as string });
const kafka = '--log kafka --brokers a:9092';

describe('which log a verb works on', () => {
  it('The log that a verb works on is the embedded one in parley-data unless something else is said', () => {
    expect(settings('')).toEqual({ kind: 'embedded', data: 'parley-data', shard: 0 });
    expect(settings('--data d --shard 3')).toEqual({ kind: 'embedded', data: 'd', shard: 3 });
  });

  it('The log that a verb works on is one in Kafka, with all that it takes to reach it', () => {
    const tls = '--tls-ca ca.pem --tls-cert c.pem --tls-key k.pem';
    const sasl = '--sasl-mechanism scram-sha-256 --sasl-username u';
    const line = `--log kafka --brokers a:9092,[::1]:9093 --topic t --shard 1 --shards 4 ${tls} ${sasl}`;
    expect(settings(line, { env: { PARLEY_SASL_PASSWORD: 'secret' } })).toEqual({
      ...{ kind: 'kafka', data: 'parley-data', topic: 't', shard: 1, shards: 4 },
      connection: {
        brokers: ['a:9092', '[::1]:9093'],
        tls: { ca: 'ca.pem', cert: 'c.pem', key: 'k.pem' },
        sasl: { mechanism: 'scram-sha-256', username: 'u', password: 'secret' },
      },
    });
    expect(settings(`${kafka} --tls`)).toMatchObject({ topic: 'parley', connection: { tls: true } });
  });

  it('The log that a verb works on is one in EventStoreDB', () => {
    const connection = 'esdb://admin:changeit@h:2113?tls=false';
    expect(settings(`--log eventstoredb --connection ${connection}`)).toMatchObject({
      ...{ kind: 'eventstoredb', topic: 'parley', shard: 0, connection },
    });
  });

  it('The log that a verb works on may be kept by a slow server, which is borne with for so many seconds', () => {
    expect(settings(`${kafka} --patience 60`)).toMatchObject({ connection: { patienceMs: 60_000 } });
    const eventStore = '--log eventstoredb --connection esdb://h';
    expect(settings(eventStore, { file: { patience: 7 } })).toMatchObject({ patienceMs: 7_000 });
    expect(settings('', { env: { PARLEY_PATIENCE_S: '60' } })).toMatchObject({ kind: 'embedded' });
    expect(() => settings(`${kafka} --patience 0`)).toThrow('whole number of seconds from 1 to 86400');
  });

  it('The log that a verb works on is said by the command line before the environment, by that before the file, and by that before what goes without saying', () => {
    const file = { log: 'kafka', brokers: ['file:1'], topic: 'file', shard: 7 };
    const env = { PARLEY_TOPIC: 'env', PARLEY_BROKERS: 'env:1' };
    expect(settings('--topic line', { env, file })).toMatchObject({
      ...{ topic: 'line', shard: 7, connection: { brokers: ['env:1'] } },
    });
    vi.unstubAllEnvs();
    takeSettingsAway();
    expect(settings('', { file })).toMatchObject({ topic: 'file', connection: { brokers: ['file:1'] } });
    expect(settings('--log embedded --data d', { file, env })).toEqual({ kind: 'embedded', data: 'd', shard: 7 });
  });

  it('A password comes from the environment or the file, and paths of a file begin where that lies', () => {
    const file = {
      ...{ log: 'kafka', brokers: 'a:1', saslMechanism: 'plain', saslUsername: 'u', saslPassword: 'filed' },
      ...{ tls: true, tlsCa: 'ca.pem', data: 'd' },
    };
    const filed = { data: path.join(folder, 'd'), connection: { tls: { ca: path.join(folder, 'ca.pem') } } };
    expect(settings('', { file })).toMatchObject({ ...filed, connection: { sasl: { password: 'filed' } } });
    expect(settings('', { file, env: { PARLEY_SASL_PASSWORD: 'env' } })).toMatchObject({
      connection: { ...filed.connection, sasl: { password: 'env' } },
    });
  });

  it.each([
    ['true', true],
    ['1', true],
    ['0', undefined],
    ['', undefined],
  ])('PARLEY_TLS=%s is read as what it says', (says, tls) => {
    const found = settings(kafka, { env: { PARLEY_TLS: says } });
    expect(found.kind === 'kafka' && found.connection.tls).toBe(tls);
    expect(() => settings(kafka, { env: { PARLEY_TLS: 'perhaps' } })).toThrow('PARLEY_TLS is true or false');
  });

  it('What the environment says of another log than the one that the command line chose is passed over', () => {
    const env = { PARLEY_BROKERS: 'a:1', PARLEY_LOG: 'kafka', PARLEY_TOPIC: 't' };
    expect(settings('--log embedded', { env })).toMatchObject({ kind: 'embedded' });
    expect(settings('', { env: { PARLEY_DATA: 'd', ...env } })).toMatchObject({ kind: 'kafka', data: 'd' });
  });

  it('A verb that makes a log in a folder is told among how many shards it is divided, unless that is said of another log', () => {
    expect(settings('--shards 2')).toMatchObject({ kind: 'embedded', shards: 2 });
    expect(settings('', { file: { shards: 4 } })).toMatchObject({ kind: 'embedded', shards: 4 });
    const other = { file: { log: 'kafka', brokers: 'a:1', shards: 4 } };
    expect(settings('--log embedded', other)).toMatchObject({ kind: 'embedded', shards: undefined });
  });

  it('A verb takes --data beside another log where it keeps things of its own there', () => {
    expect(settings(`${kafka} --data d`, { use: { keepsData: true } })).toMatchObject({ kind: 'kafka', data: 'd' });
  });
});

describe('what contradicts itself', () => {
  it.each<[string, Given, string | RegExp]>([
    ['--brokers a:1', {}, '--brokers goes with --log kafka, but the log is embedded'],
    ['--topic t', {}, '--topic goes with --log kafka or eventstoredb, but the log is embedded'],
    ['--shards 2 --shard 2', {}, 'there is no shard 2 among 2'],
    ['--patience 2', {}, '--patience goes with'],
    [`${kafka} --connection esdb://h`, {}, '--connection goes with --log eventstoredb, but the log is kafka'],
    ['--log eventstoredb --connection esdb://h --tls', {}, '--tls goes with --log kafka'],
    [`${kafka} --data d`, {}, '--data goes with --log embedded, but the log is kafka'],
    ['', { env: { PARLEY_BROKERS: 'a:1' } }, 'PARLEY_BROKERS goes with --log kafka'],
    ['', { file: { topic: 't' } }, /"topic" in .*config.json goes with/],
    ['--log kafka', {}, '--log kafka needs --brokers'],
    ['--log eventstoredb', {}, '--log eventstoredb needs --connection'],
    [`${kafka} --tls-cert c`, {}, '--tls-cert and --tls-key go together'],
    [`${kafka} --sasl-username u`, {}, '--sasl-mechanism and --sasl-username go together'],
    [`${kafka} --sasl-username u --sasl-mechanism plain`, {}, 'must be in PARLEY_SASL_PASSWORD'],
    [`${kafka} --shards 2 --shard 2`, {}, 'there is no shard 2 among 2'],
  ])('Options that contradict themselves are refused: %s %j', (line, given, says) => {
    expect(() => settings(line, given)).toThrow(expect.objectContaining(usage(says)));
  });

  it('Options that contradict themselves are refused without showing a password', () => {
    const line = '--log eventstoredb --connection http://admin:secret@h';
    expect(() => settings(line)).toThrow(expect.objectContaining(usage(/^--connection must be esdb:(?!.*secret)/)));
    expect(() => settings('', { file: '{"saslPassword": "secret' })).toThrow(
      expect.objectContaining(usage(/it is not JSON: line 1, column \d+$/)),
    );
  });
});

describe('a file of settings', () => {
  it.each<[unknown, string]>([
    [{ broker: 'a:1' }, 'there is no "broker"; there are log, data, brokers'],
    [[], 'it must hold one JSON object'],
    ['{', 'it is not JSON'],
    [{ shard: -1 }, '"shard": a shard is a whole number'],
    [{ shard: true }, '"shard": it must be a string, or a number'],
    [{ log: 'redis' }, '"log": Allowed choices are'],
    [{ tls: 'yes' }, '"tls": it must be true or false'],
    [{ brokers: ['a'] }, '"brokers": it must be host:port'],
    [{ saslPassword: 1 }, '"saslPassword": it must be a string'],
  ])('A file of settings is refused: %j', (file, says) => {
    expect(() => settings('', { file })).toThrow(expect.objectContaining(usage(`config.json: ${says}`)));
  });

  it('A file of settings that is not there is said to be missing', () => {
    expect(() => settings('--config /nowhere.json')).toThrow(expect.objectContaining(usage('/nowhere.json: ENOENT')));
  });

  it('A file of settings may say more than one verb needs, as the environment may', () => {
    const reads = { reads: true } as const;
    expect(settings('', { file: { shards: 4 }, use: reads })).toMatchObject({ kind: 'embedded' });
    expect(settings('', { env: { PARLEY_SHARDS: '4' }, use: reads })).toMatchObject({ kind: 'embedded' });
    expect(() => settings('--shards 4', { use: reads })).toThrow(expect.objectContaining(usage('--shards goes with')));
  });
});
