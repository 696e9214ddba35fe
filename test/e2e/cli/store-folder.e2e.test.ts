import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonLines, parley, segmentIn } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';

const folder = commandLineFolder();

describe('a server whose query store is elsewhere', () => {
  it('A server keeps its query store in the folder of --store, which a file may name too, and answers lists from it', async () => {
    const data = path.join(folder, 'data');
    const first = await Serving.start('--data', data, '--store', path.join(folder, 'given'));
    await first.ask(['list', 'ACME', '--tick-size', '1', '--lot-size', '1']);
    const post = ['post', '--instrument', 'ACME', '--side', 'buy', '--price', '10', '--quantity', '5'];
    await first.ask([...post, '--participant', 'alice']);
    expect(jsonLines((await first.ask(['intention', '1', '--json'])).stdout)[0]).toMatchObject({ id: '1' });
    expect(readdirSync(path.join(folder, 'given'))).toContain('queries.db');
    await first.end();

    const config = path.join(folder, 'parley.json');
    writeFileSync(config, JSON.stringify({ data: 'data', store: 'named' }));
    const second = await Serving.start('--config', config);
    expect(jsonLines((await second.ask(['intention', '1', '--json'])).stdout)[0]).toMatchObject({ id: '1' });
    expect(readdirSync(path.join(folder, 'named'))).toContain('queries.db');
    expect(existsSync(path.join(data, 'projections', 'queries.db'))).toBe(false);
  });

  it('A query store that is elsewhere tells of a log that is gone, and goes when the log is repaired', async () => {
    const [data, store] = [path.join(folder, 'kept'), path.join(folder, 'apart')];
    const options = ['--data', data, '--store', store];
    const serving = await Serving.start(...options);
    await serving.ask(['list', 'ACME', '--tick-size', '1', '--lot-size', '1']);
    await serving.ask(['instruments']);
    await serving.end();

    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    const lost = await parley(['log', 'stat', '--data', empty, '--store', store]);
    expect(lost).toMatchObject({ code: 4, stderr: expect.stringContaining('what is left of one: queries.db') });

    const segment = segmentIn(data);
    const bytes = readFileSync(segment);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    writeFileSync(segment, bytes);
    expect(await parley(['log', 'repair', '--yes', ...options])).toMatchObject({ code: 0 });
    expect(readdirSync(store)).toEqual([]);
  });
});
