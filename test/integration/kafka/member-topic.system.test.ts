import { afterEach, expect, it } from 'vitest';
import { MemberTopic } from '../../../infra/kafka/topics/member-topic.js';
import { ensureTopics } from '../../../infra/kafka/topics/topics.js';
import { LogUnreachableError } from '../../../src/log/port.js';
import { Cut } from '../../support/servers/cut.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { PATIENCE_MS } from '../../support/patience.js';

let prefixes = 0;

await describeWithServer('kafka', 'what members tell of themselves in a topic', ({ address }) => {
  const connection = { brokers: address.split(','), patienceMs: PATIENCE_MS };
  const opened: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  async function open(): Promise<{ prefix: string; topic: MemberTopic }> {
    const prefix = `members-${process.pid}-${Date.now()}-${++prefixes}`;
    await ensureTopics(connection, { prefix });
    const topic = new MemberTopic(connection, prefix);
    opened.push(topic);
    return { prefix, topic };
  }

  it('What members tell of themselves in a topic reaches a follower from where it began on, in order, and ends when it is aborted', async () => {
    const { topic } = await open();
    await topic.announce('a', { sequence: -1 });
    const ending = new AbortController();
    const heard: unknown[] = [];
    const following = (async () => {
      for await (const report of topic.follow(ending.signal)) heard.push(report);
    })();
    // When exactly it began is not known: reports are sent until one of them has arrived.
    for (let sequence = 0; heard.length === 0; sequence++) await topic.announce('a', { sequence });
    const first = heard.length;
    for (let sequence = 1_000; sequence < 1_020; sequence++) await topic.announce('ü', { sequence });
    await expect
      .poll(() => heard.slice(-20))
      .toEqual(Array.from({ length: 20 }, (_, at) => ({ sequence: 1_000 + at })));
    expect(heard).not.toContainEqual({ sequence: -1 });
    const sequences = heard.map((report) => (report as { sequence: number }).sequence); // as they were announced
    expect(sequences.slice(0, first)).toEqual([...sequences.slice(0, first)].sort((one, other) => one - other));
    ending.abort();
    await following;
  });

  it('What members tell of themselves in a topic is said to be unreachable, to the follower and to who announces, when the brokers are gone', async () => {
    const { prefix } = await open();
    const way = await Cut.open({ target: connection.brokers[0] ?? '' });
    opened.push(way);
    await way.cut();
    const cut = new MemberTopic({ brokers: [way.address] }, prefix);
    opened.push(cut);
    await expect(cut.announce('a', {})).rejects.toThrow(LogUnreachableError);
    const follower = cut.follow(new AbortController().signal);
    await expect(follower.next()).rejects.toThrow(LogUnreachableError);
  });
});
