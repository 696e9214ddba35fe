import { ConfigResourceTypes } from 'kafkajs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkTopics, madeWith } from '../../../infra/kafka/topics/topic-settings.js';
import { ensureTopics, type TopicNames, topicNames } from '../../../infra/kafka/topics/topics.js';
import { TopicWatch } from '../../../src/app/serving/topic-watch.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { KafkaOperator } from '../../support/servers/kafka-operator.js';

let prefixes = 0;

await describeWithServer('kafka', 'the settings of the topics', ({ address }) => {
  const connection = { brokers: address.split(',') };
  let operator: KafkaOperator;
  let prefix: string;

  beforeEach(async () => {
    prefix = `settings-${process.pid}-${Date.now()}-${++prefixes}`;
    operator = await KafkaOperator.at(connection.brokers);
    await ensureTopics(connection, { prefix, shards: 2 });
  });

  afterEach(() => operator.end());

  async function set(kind: keyof TopicNames, name: string, value: string): Promise<void> {
    const topic = topicNames(prefix)[kind];
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name, value }] }];
    await operator.admin.alterConfigs({ validateOnly: false, resources });
  }

  it('The settings of the topics are as they must be when Parley has made the topics', async () => {
    expect(await checkTopics(connection, prefix, 2)).toEqual([]);
  });

  it.each(['events', 'claims', 'commands', 'snapshots', 'deadLetters', 'members'] as const)(
    'The settings of the topics are set for %s itself, whatever the brokers take where nothing is said',
    async (kind) => {
      const resources = [{ type: ConfigResourceTypes.TOPIC, name: topicNames(prefix)[kind] }];
      const { resources: described } = await operator.admin.describeConfigs({ resources, includeSynonyms: false });
      const entries = described.flatMap(({ configEntries }) => configEntries);
      const own = entries.filter((entry) => !entry.isDefault).map((entry) => [entry.configName, entry.configValue]);
      expect(Object.fromEntries(own)).toMatchObject(madeWith(kind, 1));
    },
  );

  it.each([
    ['events', 'retention.ms', '86400000', true],
    ['events', 'retention.bytes', '1000000', true],
    ['events', 'cleanup.policy', 'compact', true],
    ['events', 'compression.type', 'gzip', true],
    ['commands', 'compression.type', 'producer', false],
    ['claims', 'cleanup.policy', 'delete', false],
  ] as const)(
    'The settings of the topics are reported as wrong when %s has %s=%s',
    async (kind, setting, value, losesEvents) => {
      await set(kind, setting, value);
      const topic = topicNames(prefix)[kind];
      const told = expect.stringMatching(new RegExp(`${setting}=${value}.*--add-config ${setting}=`)) as string;
      await expect
        .poll(() => checkTopics(connection, prefix, 2))
        .toContainEqual({ topic, setting, says: told, losesEvents });
    },
  );

  it('The settings of the topics let nothing be started that would lose events, and are reported once while it runs', async () => {
    const said: string[] = [];
    const say = (level: string) => (_fields: object, message: string) => void said.push(`${level}: ${message}`);
    const logger = { info: say('info'), warn: say('warn'), error: say('error') };
    const watch = new TopicWatch(() => checkTopics(connection, prefix, 2), logger);
    await watch.start();
    watch.end();
    expect([watch.trouble, said]).toEqual([undefined, []]);
    await set('events', 'retention.ms', '1000');
    await expect.poll(() => watch.look().then(() => watch.trouble)).toContain('retention.ms=1000');
    await watch.look();
    expect(said.filter((each) => each.startsWith('error: '))).toEqual([expect.stringContaining('retention.ms=1000')]);
    const again = new TopicWatch(() => checkTopics(connection, prefix, 2), logger);
    await expect(again.start()).rejects.toMatchObject({ code: 'LOG_REFUSED' });
  });
});
