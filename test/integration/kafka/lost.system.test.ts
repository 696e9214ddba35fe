import { afterEach, beforeEach, expect, it } from 'vitest';
import { KafkaClient } from '../../../infra/kafka/protocol/client.js';
import { lastClaim } from '../../../infra/kafka/claims.js';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import type { KafkaWriter } from '../../../infra/kafka/kafka-writer.js';
import { Partition } from '../../../infra/kafka/protocol/partition.js';
import { commandsGroup, ensureTopics, topicNames } from '../../../infra/kafka/topics/topics.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { collect, kept, type ReadBatch, Sealer } from '../../support/log/batches.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { KafkaOperator } from '../../support/servers/kafka-operator.js';

let prefixes = 0;

await describeWithServer('kafka', 'a log whose topic somebody has changed', ({ address }) => {
  const connection = { brokers: address.split(',') };
  const ending: (() => Promise<void>)[] = [];
  let operator: KafkaOperator;
  let prefix: string;
  let events: string;

  beforeEach(async () => {
    prefix = `lost-${process.pid}-${Date.now()}-${++prefixes}`;
    events = topicNames(prefix).events;
    operator = await KafkaOperator.at(connection.brokers);
    ending.push(() => operator.end());
  });

  afterEach(async () => {
    for (const end of ending.splice(0)) await end();
  });

  function makeLog(): KafkaLog {
    const made = new KafkaLog({ connection, topic: prefix, shard: 0 });
    ending.push(() => made.close());
    return made;
  }

  async function claimedEpoch(): Promise<number | undefined> {
    const client = new KafkaClient(connection);
    const claims = new Partition(client, { topic: topicNames(prefix).claims, partition: 0 });
    return (await lastClaim(claims).finally(() => client.close()))?.epoch;
  }

  async function append(writer: KafkaWriter, sealer: Sealer, ...counts: number[]): Promise<void> {
    for (const count of counts) expect(await writer.append(sealer.sealSome(count))).toBe('appended');
  }

  /** An exchange that has been opened once, when there was nothing, and has listed an instrument since. */
  async function used(): Promise<void> {
    const exchange = await Exchange.open(makeLog());
    await exchange.list({ symbol: 'ACME', tickSize: '1', lotSize: '1' });
    await exchange.close();
  }

  it.each([
    ['some', '4'],
    ['all', '-1'],
  ])(
    'A log whose topic somebody has changed is damaged, never empty, when %s of its front was deleted',
    async (_which, offset) => {
      const writer = await makeLog().open();
      await append(writer, new Sealer(), 2, 2, 2);
      await writer.close();
      await operator.deleteRecords(events, offset);
      const first = offset === '4' ? 4 : 12;
      const damaged = { code: 'LOG_DAMAGED', byte: first, message: expect.stringContaining(`${events}[0]`) as string };
      const log = makeLog();
      await expect(log.open()).rejects.toMatchObject(damaged);
      await expect(log.head()).rejects.toMatchObject(damaged);
      for (const from of [0, 1, 5])
        await expect(collect(log.read(from)), `from ${from}`).rejects.toMatchObject(damaged);
      await expect(collect(log.follow(0, new AbortController().signal))).rejects.toMatchObject(damaged);
      expect(await claimedEpoch()).toBe(1);
    },
  );

  it('A log whose topic somebody has changed is damaged when its first record is not its first position, although no offset is missing', async () => {
    await operator.makeTopic(events);
    const headers = { ce_id: '5', ce_batchstart: '5' };
    const value = JSON.stringify({ type: 'BatchSealed', version: 1, revision: 0, digest: '0'.repeat(64) });
    await operator.write(events, { value, headers });
    const log = makeLog();
    const damaged = { code: 'LOG_DAMAGED', message: expect.stringContaining('the first position that is left is 5') };
    await expect(log.open()).rejects.toMatchObject(damaged);
    await expect(collect(log.read(0))).rejects.toMatchObject(damaged);
    expect(await claimedEpoch()).toBeUndefined();
  });

  it('A log whose topic somebody has changed is empty when nothing but transactions that came to nothing ever stood in it', async () => {
    await operator.makeTopic(events);
    await (await operator.hold(events)).end('abort');
    const log = makeLog();
    await expect.poll(() => log.head()).toBe(0);
    expect(await collect(log.read(0))).toEqual([]);
    const writer = await log.open();
    expect(writer.head).toBe(0);
    await append(writer, new Sealer(), 1);
  });

  it('A log whose topic somebody has changed is not opened when it was made again, though its only claim was made when it was empty', async () => {
    await used();
    await operator.remakeTopic(events);
    const opening = Exchange.open(makeLog());
    const message = expect.stringMatching(
      /the claim of epoch 1 in .*\.claims\[0\].*which is gone.*--accept-loss 0\/0/,
    ) as string;
    await expect(opening).rejects.toMatchObject({ code: 'LOG_LOST', message });
    await expect(Exchange.open(makeLog())).rejects.toMatchObject({ code: 'LOG_LOST' });
    expect(await claimedEpoch()).toBe(1);
    const exchange = await Exchange.open(makeLog(), { acceptLoss: 0 });
    expect(exchange.status().epoch).toBe(2);
    await exchange.close();
    await (await Exchange.open(makeLog())).close();
  });

  it('A log whose topic somebody has changed is not made again when it was deleted, unless the operator accepts the loss of all', async () => {
    await used();
    await operator.deleteTopic(events);
    const message = expect.stringMatching(/the claim of epoch 1 in .*\.claims\[0\].*--accept-loss 0\/0/) as string;
    await expect(Exchange.open(makeLog())).rejects.toMatchObject({ code: 'LOG_LOST', message });
    await expect(makeLog().open()).rejects.toMatchObject({ code: 'LOG_LOST' });
    await expect(ensureTopics(connection, { prefix })).rejects.toMatchObject({ code: 'LOG_LOST' });
    expect(await operator.admin.listTopics()).not.toContain(events);
    expect(await claimedEpoch()).toBe(1);
    const exchange = await Exchange.open(makeLog(), { acceptLoss: 0 });
    expect(exchange.status().epoch).toBe(2);
    await exchange.close();
    await (await Exchange.open(makeLog())).close();
  });

  it.each(['snapshots', 'deadLetters'] as const)(
    'A log whose topic somebody has changed is not made again when nothing but %s knows of it',
    async (kind) => {
      await operator.makeTopic(topicNames(prefix)[kind], 2);
      await operator.write(topicNames(prefix)[kind], { value: 'of a shard', partition: 1 });
      const message = expect.stringContaining(`what stands in ${topicNames(prefix)[kind]}[1]`) as string;
      await expect(ensureTopics(connection, { prefix })).rejects.toMatchObject({ code: 'LOG_LOST', message });
      expect(await operator.admin.listTopics()).not.toContain(events);
      expect(await ensureTopics(connection, { prefix, isLossAccepted: true })).toBe(2);
      expect(await operator.admin.listTopics()).toContain(events);
    },
  );

  it('A log whose topic somebody has changed is not opened when it lacks what the last claim knows', async () => {
    await used();
    await used();
    const log = makeLog();
    const evidence = await log.evidence();
    const head = evidence[0]?.position ?? 0;
    expect(evidence).toEqual([
      {
        source: expect.stringContaining('epoch 2') as string,
        position: head,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ]);
    expect(head).toBeGreaterThan(0);
  });

  it('A log whose topic somebody has changed is not opened when it is empty although commands have been taken, whatever happened to its claims', async () => {
    await used();
    const { claims, commands } = topicNames(prefix);
    await operator.write(commands, { value: '{}' });
    const partitions = [{ partition: 0, offset: '1' }];
    await operator.admin.setOffsets({ groupId: commandsGroup(prefix), topic: commands, partitions });
    await operator.deleteTopic(events);
    await operator.deleteTopic(claims);
    const message = expect.stringContaining(`the offset 1 that ${prefix}.shards committed in ${commands}[0]`) as string;
    await expect(Exchange.open(makeLog())).rejects.toMatchObject({ code: 'LOG_LOST', message });
    expect(await operator.admin.listTopics()).not.toContain(events);
  });

  it('A log whose topic somebody has changed stops its writer when it is made again under it, and answers callers with the reason', async () => {
    const log = makeLog();
    const writer = await log.open();
    const sealer = new Sealer();
    await append(writer, sealer, 2);
    await writer.verify();
    await operator.remakeTopic(events);
    await expect(writer.verify()).rejects.toMatchObject({ code: 'LOG_LOST' });
    await expect(log.head()).rejects.toMatchObject({ code: 'LOG_LOST' });
    expect(await writer.append(sealer.sealSome(2))).toBe('unknown');
    expect(writer.failure).toBeDefined();
    await expect(makeLog().head()).resolves.toBe(0);
  });

  it('A log whose topic somebody has changed stops its writer when its front is deleted under it', async () => {
    const writer = await makeLog().open();
    await append(writer, new Sealer(), 2, 2);
    await operator.deleteRecords(events, '4');
    await expect(writer.verify()).rejects.toMatchObject({ code: 'LOG_DAMAGED' });
  });

  it('A log whose topic somebody has changed does not take an append that comes to stand behind what somebody else wrote', async () => {
    const writer = await makeLog().open();
    const sealer = new Sealer();
    await append(writer, sealer, 2);
    await operator.write(events, { value: 'hello' });
    expect(await writer.append(sealer.sealSome(1))).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'LOG_LOST', message: expect.stringContaining('offset 4') as string });
    await expect(makeLog().open()).rejects.toMatchObject({ code: 'LOG_DAMAGED' });
  });

  it('A log whose topic somebody has changed can be verified while it is appended to', async () => {
    const writer = await makeLog().open();
    const sealer = new Sealer();
    for (const count of [1, 3, 500, 2]) await Promise.all([append(writer, sealer, count), writer.verify()]);
    expect(writer.head).toBe(510);
  });

  it('A log whose topic somebody has changed tells its followers when it was made again, and never starts them from the beginning', async () => {
    const log = makeLog();
    const writer = await log.open();
    const seen: ReadBatch[] = [];
    const following = (async () => {
      for await (const batch of makeLog().follow(0, new AbortController().signal)) seen.push(kept(batch));
    })();
    following.catch(() => undefined);
    await append(writer, new Sealer(), 2, 2);
    await expect.poll(() => seen.length).toBe(2);
    await operator.remakeTopic(events);
    await expect(following).rejects.toMatchObject({ code: 'LOG_LOST' });
    expect(seen).toHaveLength(2);
  });
});
