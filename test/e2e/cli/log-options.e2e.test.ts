import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { smallFlow } from '../../support/cli/flows.js';
import { jsonLines, parley, type Ran } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';

const folder = commandLineFolder();
const config = path.join(folder, 'config.json');
beforeAll(async () => {
  fs.writeFileSync(config, JSON.stringify({ data: 'day', shard: 0 }));
  await parley(['run', '-', '--data', path.join(folder, 'day')], { stdin: smallFlow });
});

/** How many events the log has that `log stat` finds. */
async function events(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { code, stdout, stderr } = await parley(['log', 'stat', '--json', ...args], { env });
  return code === 0 ? jsonLines(stdout)[0]?.events : stderr;
}

describe('which log it is', () => {
  it('Which log it is may be said in a file, whose paths begin where it lies; the environment and the command line go before it', async () => {
    const there = await events(['--data', path.join(folder, 'day')]);
    expect(there).toBeGreaterThan(10);
    expect(await events(['--config', config])).toBe(there);
    expect(await events([], { PARLEY_CONFIG: config })).toBe(there);
    expect(await events(['--config', config], { PARLEY_DATA: path.join(folder, 'none') })).toContain('there is no log');
    expect(await events(['--config', config, '--shard', '1'])).toContain('this is shard 0, not 1');
  });

  it.each([
    ['log cat --brokers localhost:9092', {}, '--brokers goes with --log kafka, but the log is embedded'],
    ['audit', { PARLEY_CONNECTION: 'esdb://h' }, 'PARLEY_CONNECTION goes with --log eventstoredb'],
    ['run - --log kafka', {}, '--log kafka needs --brokers'],
    ['run -', { PARLEY_LOG: 'kafka' }, '--log kafka needs --brokers'],
    ['log import - --log kafka --brokers a:1 --data d', {}, '--data goes with --log embedded'],
    ['log export --log redis', {}, 'Allowed choices are embedded, kafka, eventstoredb'],
    ['replay --config nowhere.json', {}, 'nowhere.json: '],
    ['serve --shard 4 --shards 4 --log kafka --brokers a:1', {}, 'there is no shard 4 among 4'],
    ['serve --shard 1 --log kafka --brokers a:1', {}, '--shard is for other verbs'],
    ['serve --take-over --log kafka --brokers a:1', {}, '--take-over is for a log in a folder'],
    ['serve --keys keys.json --log kafka --brokers a:1', {}, 'give --cluster-key'],
    ['book ACME --log kafka --brokers a:1 --url http://h', {}, 'give one or the other'],
    ['why 1 --tls --log eventstoredb --connection esdb://h', {}, '--tls goes with --log kafka'],
    ['log tail --sasl-password secret', {}, "unknown option '--sasl-password'"],
  ])('Options that say wrongly which log it is are refused: %s', async (line, env, says) => {
    const ran: Ran = await parley(line.split(' '), { cwd: folder, env });
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) as string });
    expect(fs.readdirSync(folder).sort()).toEqual(['config.json', 'day']);
  });
});

describe('a folder with another shard than 0', () => {
  it('A folder with another shard than 0 is distinguished from a damaged one by the repair of logs, when the shard is named', async () => {
    const elsewhere = temporaryFolder();
    onTestFinished(() => removeFolder(elsewhere));
    const second = ['--data', path.join(elsewhere, 'second'), '--shard', '2'];
    expect((await parley(['run', '-', ...second], { stdin: smallFlow })).code).toBe(0);
    const named = await parley(['log', 'repair', ...second]);
    expect(named).toMatchObject({ code: 0, stdout: 'the log is not damaged\n' });
    const unnamed = await parley(['log', 'repair', ...second.slice(0, 2)]);
    expect(unnamed).toMatchObject({ code: 4, stderr: expect.stringContaining('this is shard 2, not 0') as string });
  });
});

describe('an EventStoreDB that is away', () => {
  it('An EventStoreDB that is away ends the process with 1 and one line, without the password', async () => {
    const connection = 'esdb://admin:secret@127.0.0.1:1?tls=false';
    const away = ['--log', 'eventstoredb', '--connection', connection, '--patience', '1'];
    const { code, stderr } = await parley(['log', 'cat', ...away]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: EventStoreDB at 127\.0\.0\.1:1 does not answer: [^\n]*\n$/);
    expect(stderr).not.toContain('secret');
  });
});
