import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { built, jsonLines } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';

let folder: string;
beforeAll(async () => {
  folder = temporaryFolder();
  await built();
});
afterAll(() => {
  removeFolder(folder);
});

const running: Serving[] = [];
afterEach(() => Promise.all(running.splice(0).map((serving) => serving.end('SIGKILL'))));

describe('a server that takes over from one that hangs', () => {
  it('answers questions, though the other hangs in the middle of writing its query store', async () => {
    const data = path.join(folder, 'data');
    const old = await Serving.start('--data', data);
    running.push(old);
    await old.ask(['list', 'ACME', '--tick-size', '1', '--lot-size', '1']);
    const post = ['post', '--instrument', 'ACME', '--side', 'buy', '--price', '10', '--quantity', '5'];
    await old.ask([...post, '--participant', 'alice']);
    // Stands in for the transaction of the one that hangs.
    mkdirSync(path.join(data, 'projections'), { recursive: true });
    const hanging = new Database(path.join(data, 'projections/queries.db'));
    hanging.exec('BEGIN IMMEDIATE');
    old.signal('SIGSTOP');

    const next = await Serving.start('--data', data, '--take-over');
    running.push(next);
    const asked = await next.ask(['intention', '1', '--json']);
    expect(asked.stderr).toBe('');
    expect(jsonLines(asked.stdout)[0]).toMatchObject({ id: '1', participant: 'alice', status: 'open' });

    hanging.close();
    old.signal('SIGCONT');
    expect((await old.ask([...post, '--participant', 'bob'])).code).toBe(1);
  });
});
