import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastClaim } from '../../../infra/kafka/claims.js';
import { KafkaClient } from '../../../infra/kafka/protocol/client.js';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { Partition } from '../../../infra/kafka/protocol/partition.js';
import { topicNames } from '../../../infra/kafka/topics/topics.js';
import type { Logger } from '../../../src/resilience/logger.js';
import { collect, type ReadBatch, Sealer } from '../../support/log/batches.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { KafkaOperator } from '../../support/servers/kafka-operator.js';

let prefixes = 0;

await describeWithServer('kafka', 'a log into which another producer’s transaction writes', ({ address }) => {
  const connection = { brokers: address.split(',') };
  const ending: (() => Promise<void>)[] = [];
  let operator: KafkaOperator;
  let prefix: string;

  beforeEach(async () => {
    prefix = `held-${process.pid}-${Date.now()}-${++prefixes}`;
    operator = await KafkaOperator.at(connection.brokers);
    ending.push(() => operator.end());
  });

  afterEach(async () => {
    for (const end of ending.splice(0)) await end();
  });

  function makeLog(log?: Logger): KafkaLog {
    const made = new KafkaLog({ connection, topic: prefix, shard: 0, log });
    ending.push(() => made.close());
    return made;
  }

  async function claimedEpoch(): Promise<number | undefined> {
    const client = new KafkaClient(connection);
    const claims = new Partition(client, { topic: topicNames(prefix).claims, partition: 0 });
    return (await lastClaim(claims).finally(() => client.close()))?.epoch;
  }

  async function written(): Promise<readonly ReadBatch[]> {
    const log = makeLog();
    const writer = await log.open();
    const sealer = new Sealer();
    expect(await writer.append(sealer.sealSome(2))).toBe('appended');
    await writer.close();
    return collect(log.read(0));
  }

  it('A log into which another producer’s transaction writes is not opened, nor claimed, while the transaction is open, and goes on where it was when it has ended', async () => {
    const batches = await written();
    const held = await operator.hold(topicNames(prefix).events);
    const said: string[] = [];
    const say = (_details: object, message: string): void => void said.push(message);
    const log = makeLog({ info: () => undefined, warn: say, error: say });
    await expect(log.open()).rejects.toMatchObject({ code: 'LOG_HELD', message: expect.stringContaining('offset 4') });
    expect(said).toEqual([expect.stringMatching(/an open transaction of another producer holds back up to 1 records/)]);
    expect(await claimedEpoch()).toBe(1);
    await held.end('abort');
    const writer = await log.open();
    expect({ epoch: writer.epoch, head: writer.head }).toEqual({ epoch: 2, head: 3 });
    expect(await collect(log.read(0))).toEqual(batches);
  });

  it('A log into which another producer’s transaction writes has no head, and nothing that could be read, while nobody can tell where it ends', async () => {
    const batches = await written();
    const held = await operator.hold(topicNames(prefix).events);
    const log = makeLog();
    await expect(log.head()).rejects.toMatchObject({ code: 'LOG_HELD' });
    await expect(collect(log.read(0))).rejects.toMatchObject({ code: 'LOG_HELD' });
    await held.end('abort');
    await expect.poll(() => log.head()).toBe(3);
    expect(await collect(log.read(0))).toEqual(batches);
  });

  it('A log into which another producer’s transaction writes commits nothing behind it: what readers could not see is never acknowledged', async () => {
    const log = makeLog();
    const writer = await log.open();
    const sealer = new Sealer();
    expect(await writer.append(sealer.sealSome(2))).toBe('appended');
    const held = await operator.hold(topicNames(prefix).events);
    expect(await writer.append(sealer.sealSome(1))).toBe('unknown');
    expect(writer.failure).toMatchObject({
      code: 'LOG_LOST',
      message: expect.stringMatching(/offset 4 .* at 5: somebody/),
    });
    await writer.close();
    await held.end('abort');
    const next = await makeLog().open();
    expect({ epoch: next.epoch, head: next.head }).toEqual({ epoch: 2, head: 3 });
    expect(await next.append(new Sealer(3).sealSome(1))).toBe('appended');
  });

  it('A log into which another producer’s transaction writes is not opened while nobody can tell who claimed it last', async () => {
    await written();
    const held = await operator.hold(topicNames(prefix).claims);
    await expect(makeLog().open()).rejects.toMatchObject({ code: 'LOG_HELD' });
    await held.end('abort');
    expect((await makeLog().open()).epoch).toBe(2);
  });
});
