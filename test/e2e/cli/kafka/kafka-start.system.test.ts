/** What a start on Kafka leaves behind when it could never have served. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parley } from '../../../support/cli/parley.js';
import { commandLineFolder } from '../../../support/cli/suite.js';
import { openDoorstep } from '../../../../src/server/doors/doorstep.js';
import type { SidePort } from '../../../../src/server/doors/side-port.js';
import { describeWithServer } from '../../../support/needs/suite.js';
import { KafkaOperator } from '../../../support/servers/kafka-operator.js';

await describeWithServer('kafka', 'a start on Kafka', ({ address }) => {
  const folder = commandLineFolder();
  const prefix = `start-${process.pid}-${Date.now()}`;
  let operator: KafkaOperator;
  let taken: SidePort;

  beforeAll(async () => {
    operator = await KafkaOperator.at(address.split(','));
    taken = await openDoorstep({ port: 0 });
  });

  afterAll(async () => {
    await taken.close();
    await operator.end();
  });

  it.each([
    [
      'keys',
      (): string[] => ['--port', '0', '--cluster-key', 'a-long-secret', '--keys', path.join(folder, 'none.json')],
    ],
    ['a host', (): string[] => ['--port', '0', '--host', '0.0.0.0']],
    ['a port', (): string[] => ['--port', String(taken.port)]],
  ])(
    'A start on Kafka makes neither topics nor stores when it is given %s that it cannot use',
    async (_what, options) => {
      const data = path.join(folder, 'data');
      const { code, stderr } = await parley([
        ...['serve', '--log', 'kafka', '--brokers', address, '--topic', prefix, '--data', data],
        ...options(),
      ]);
      expect(code, stderr).toBeGreaterThan(0);
      const made = (await operator.admin.listTopics()).filter((topic) => topic.startsWith(`${prefix}.`));
      expect([made, fs.existsSync(data)]).toEqual([[], false]);
    },
  );

  it('A start on Kafka ends with the reason, and makes nothing, when the topic of events is gone', async () => {
    const [snapshots, events] = [`${prefix}-lost.snapshots`, `${prefix}-lost.events`];
    await operator.makeTopic(snapshots);
    await operator.write(snapshots, { value: 'of a shard' });
    const serve = ['serve', '--log', 'kafka', '--brokers', address, '--topic', `${prefix}-lost`, '--port', '0'];
    const { code, stderr } = await parley([...serve, '--data', path.join(folder, 'lost')]);
    expect([code, stderr]).toEqual([4, expect.stringContaining(`there is no topic ${events}`)]);
    expect(await operator.admin.listTopics()).not.toContain(events);
  });
});
