import { beforeAll, expect, it } from 'vitest';
import { built, parley } from '../../support/cli/parley.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { Cut } from '../../support/servers/cut.js';
import { itWorksOn } from './remote-logs.js';

for (const kind of ['kafka', 'eventstoredb'] as const) {
  await describeWithServer(kind, `the command line on a log in ${kind}`, ({ address }) => {
    itWorksOn(kind, address);
  });
}

await describeWithServer('kafka', 'the command line on a Kafka that is away', ({ address }) => {
  beforeAll(built);

  it('ends with 1 and one line where nobody answers, and soon when it is interrupted meanwhile', async () => {
    const cut = await Cut.open({ target: address });
    const away = ['--log', 'kafka', '--brokers', cut.address];
    await cut.cut();
    const refused = await parley(['audit', ...away]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^error: Kafka at 127\.0\.0\.1:\d+: [^\n]+\n$/);
    await cut.resume();
    cut.stall();
    const startedMs = performance.now();
    const silent = await parley(['log', 'cat', ...away], {
      during: (child) => setTimeout(() => child.kill('SIGINT'), 1_500),
    });
    expect(silent).toMatchObject({ code: 130, stderr: '' });
    expect(performance.now() - startedMs).toBeLessThan(8_000); // a request to a silent broker is waited for longer
    await cut.close();
  });
});
