/**
 * A program that writes commands straight to their topic, with a plain Kafka client, and learns of each write whether it is stored.
 *
 * 1. One write, to one partition, is under way at a time, and writes are idempotent: what is acknowledged stands there once. Of a write
 *    to several partitions kafkajs may store some twice and others never when a node is lost, and acknowledge it all.
 * 2. After a write that failed, a new producer goes on. What it wrote may stand there or not.
 */
import type { Message, Producer as KafkaProducer } from 'kafkajs';
import { topicNames } from '../../infra/kafka/topics/topics.js';
import { shardOfSymbol } from '../../src/cluster/shard-of.js';
import type { Random } from '../support/random.js';
import { kafkaClient } from '../support/servers/kafka-client.js';
import type { Asked, Command, Expected } from './checks/asked.js';
import { sleep } from './rounds.js';
import { anyPost, oneOf } from './market.js';

export interface ProducerOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly symbols: readonly string[];
  readonly asked: Asked;
  readonly random: Random;
}

/** Names the command that a record is, also in the dead letters. */
export const COMMAND_ID = 'command-id';
const MOST_IN_BATCH = 8;
/** Now and then so many at once that they are not all carried out within one commit. */
const BURST = 100;
const BATCHES_A_BURST = 30;
const LONGEST_PAUSE_MS = 80;
/** However late a command is taken, it is not refused for that. */
const EXPIRES_AFTER_MS = 86_400_000;
const RETRIES = 60;
/** What is no command, and what is refused whatever the state of the market. */
const poison = [
  Buffer.from('no JSON'),
  Buffer.from([0xff, 0xfe, 0x00]),
  Buffer.from('[]'),
  Buffer.from('{"command":"dance"}'),
  Buffer.alloc(0),
  null,
] as const;
const refusable = [
  { command: 'reduce', id: '4294967295', by: '1' },
  { command: 'withdraw', id: '0' },
  { participant: 'ann', instrument: 'NOPE', side: 'buy', price: '1', quantity: '1' },
  { participant: 'ann', side: 'buy', price: '100.5', quantity: '1' },
  { participant: 'ann', side: 'sell', price: '100', quantity: '0' },
] as const;

interface Written {
  readonly command: Command;
  readonly message: Message;
  /** Where it goes: by its key as Kafka's clients have it, unless the message says otherwise. */
  readonly partition: number;
}

export class Producer {
  readonly over: Promise<void>;
  /** Batches of writes whose outcome is unknown. */
  failed = 0;
  private isOver = false;
  private commands = 0;

  constructor(private readonly options: ProducerOptions) {
    this.over = this.run();
  }

  end(): void {
    this.isOver = true;
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      const client = kafkaClient([...this.options.brokers], undefined, RETRIES);
      const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
      try {
        await producer.connect();
        await this.write(producer);
      } catch {
        this.failed++;
      } finally {
        await producer.disconnect().catch(() => undefined);
      }
    }
  }

  private async write(producer: KafkaProducer): Promise<void> {
    const { random, topic, asked } = this.options;
    while (!this.isOver) {
      const length = random.chance(1, BATCHES_A_BURST) ? BURST : 1 + random.below(MOST_IN_BATCH);
      const batch = Array.from({ length }, () => this.next());
      asked.commands.push(...batch.map(({ command }) => command));
      for (let partition = 0; partition < asked.shards; partition++) {
        const part = batch.filter((each) => each.partition === partition);
        if (part.length === 0) continue;
        await producer.send({ topic: topicNames(topic).commands, messages: part.map(({ message }) => message) });
        for (const { command } of part) command.isWritten = true;
      }
      await sleep(random.below(LONGEST_PAUSE_MS));
    }
  }

  private next(): Written {
    const { random, asked } = this.options;
    const kind = random.below(100);
    if (kind < 4) return this.message(oneOf(poison, random), { kind: 'deadLetter' });
    if (kind < 8) return this.message(this.refused(), { kind: 'deadLetter' });
    if (kind < 30) {
      const change = this.change();
      if (change !== undefined) return change;
    }
    const repeated = asked.posts[asked.posts.length - 1 - random.below(20)];
    if (kind < 36 && repeated !== undefined && repeated.intention.timeInForce !== 'gtd')
      return this.message(repeated.intention, { kind: 'post', post: repeated });
    const intention = anyPost(`topic-${this.commands}`, this.options.symbols, random, EXPIRES_AFTER_MS);
    return this.message(intention, { kind: 'post', post: asked.posting(intention) }, random.chance(1, 20));
  }

  private refused(): object {
    const { random, symbols } = this.options;
    const terms = oneOf(refusable, random);
    if ('command' in terms) return terms;
    return { clientIntentionId: `topic-${this.commands}`, instrument: oneOf(symbols, random), ...terms };
  }

  private change(): Written | undefined {
    const { asked, random } = this.options;
    const at = random.below(Math.max(1, asked.targets.length));
    const target = asked.targets[at];
    if (target === undefined) return undefined;
    const verb = random.chance(1, 4) ? 'withdraw' : 'reduce';
    if (verb === 'withdraw') asked.targets.splice(at, 1);
    const change = asked.changing(target, verb);
    const terms = verb === 'reduce' ? { by: change.terms } : {};
    const { message, command } = this.message({ command: verb, id: target.id, ...terms }, { kind: 'change', change });
    return { message: { ...message, partition: target.shard }, command, partition: target.shard };
  }

  private message(content: object | null, expected: Expected, isMisplaced = false): Written {
    const { random, symbols, asked } = this.options;
    const id = String(this.commands++);
    const value = content === null || Buffer.isBuffer(content) ? content : JSON.stringify(content);
    const key = expected.kind === 'post' ? expected.post.intention.instrument : oneOf(symbols, random);
    const command = { id, says: String(value), expected, isMisplaced, isWritten: false };
    const message: Message = { key, value, headers: { [COMMAND_ID]: id } };
    const own = shardOfSymbol(key, asked.shards);
    const partition = isMisplaced ? (own + 1) % asked.shards : own;
    if (isMisplaced) message.partition = partition;
    return { command, message, partition };
  }
}
