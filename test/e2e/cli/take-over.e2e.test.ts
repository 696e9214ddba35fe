import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ParleyClient } from '../../../src/client/index.js';
import { jsonLines } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { PATIENCE_MS } from '../../support/patience.js';

const folder = commandLineFolder();

describe('a server that takes over from one that hangs', () => {
  it('A server that takes over from one that hangs answers questions, though the other hangs in the middle of writing its query store', async () => {
    const data = path.join(folder, 'data');
    const old = await Serving.start('--data', data);
    await old.ask(['list', 'ACME', '--tick-size', '1', '--lot-size', '1']);
    const post = ['post', '--instrument', 'ACME', '--side', 'buy', '--price', '10', '--quantity', '5'];
    await old.ask([...post, '--participant', 'alice']);
    // Stands in for the transaction of the one that hangs.
    mkdirSync(path.join(data, 'projections'), { recursive: true });
    const hanging = new Database(path.join(data, 'projections/queries.db'));
    onTestFinished(() => void hanging.close());
    // It throws while the store itself is writing.
    await expect.poll(() => [hanging.exec('BEGIN IMMEDIATE')]).toHaveLength(1);
    old.signal('SIGSTOP');

    const next = await Serving.start('--data', data, '--take-over');
    const asked = await next.ask(['intention', '1', '--json']);
    expect(asked.stderr).toBe('');
    expect(jsonLines(asked.stdout)[0]).toMatchObject({ id: '1', participant: 'alice', status: 'open' });

    hanging.close();
    old.signal('SIGCONT');
    const client = new ParleyClient({ url: old.url, retry: { attempts: 1 }, timeoutMs: PATIENCE_MS });
    const terms = { instrument: 'ACME', side: 'buy', price: '10', quantity: '5' } as const;
    const refused = client.postIntention({ ...terms, participant: 'bob', clientIntentionId: 'b-1' });
    await expect(refused).rejects.toMatchObject({ status: 503, code: 'SHARD_UNAVAILABLE' });
  });
});
