import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { built, endAll, ended, parley, start } from '../../../support/cli/parley.js';
import { StandInServer } from '../../../support/eventstoredb/stand-in-server.js';
import { describeWithServer } from '../../../support/needs/suite.js';
import { Cut } from '../../../support/servers/cut.js';
import { itWorksOn } from './remote-logs.js';

const standIn = await StandInServer.start();
afterAll(() => standIn.stop());
describe('the command line on a stand-in for EventStoreDB', () => {
  itWorksOn('eventstoredb', standIn.connection());
});

for (const kind of ['kafka', 'eventstoredb'] as const) {
  await describeWithServer(kind, `the command line on a log in ${kind}`, ({ address }) => {
    itWorksOn(kind, address);
  });
}

await describeWithServer('kafka', 'the command line on a Kafka that is away', ({ address }) => {
  beforeAll(built);
  afterEach(endAll);

  it('The command line on a Kafka that is away ends with 1 and one line where nobody answers, and when it is interrupted while nobody answers', async () => {
    const cut = await Cut.open({ target: address });
    onTestFinished(() => cut.close());
    // Longer than a test may take: a process that ends has not waited for it.
    const away = ['--log', 'kafka', '--brokers', cut.address, '--patience', '3600'];
    await cut.cut();
    const refused = await parley(['audit', ...away]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^error: Kafka at 127\.0\.0\.1:\d+: [^\n]+\n$/);
    await cut.resume();
    cut.stall();
    const silent = start(['log', 'cat', ...away]);
    let said = '';
    silent.stderr?.on('data', (text: Buffer) => (said += text.toString()));
    await expect.poll(() => cut.connections).toBeGreaterThan(0);
    silent.kill('SIGINT');
    expect([await ended(silent), said]).toEqual([130, '']);
  });
});
