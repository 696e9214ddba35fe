/**
 * Carries out the commands that stand in a topic, for one shard, each once.
 *
 * 1. A command is noted as taken in the turn in which it begins. That note is committed with the first of its events, so a crash
 *    leaves either neither, and it is taken again, or both, and recovery finishes what it began.
 * 2. Commands of one topic are carried out in its order, between those that come from elsewhere.
 * 3. What cannot be read, and what the exchange refuses, becomes a dead letter with the refusal's code, committed with the note.
 * 4. While the topic cannot be read it stands, goes on trying, and says why.
 * 5. When the shard stops, the intake ends, and what was noted and not committed is forgotten with it.
 */
import type { Answer } from '../exchange/commands.js';
import { shardOfRequest } from '../cluster/forwarding/requests.js';
import { shardOfSymbol } from '../cluster/shard-of.js';
import type { Exchange } from '../exchange/exchange.js';
import { Backoff } from '../resilience/backoff.js';
import type { Logger } from '../resilience/logger.js';
import { messageOf } from '../log/message-of.js';
import type { Command } from '../api/command-body.js';
import { readTopicCommand } from './read-command.js';
import type { CommandSource, TopicCommand } from './source.js';

export interface CommandConsumerOptions<Taken extends TopicCommand> {
  readonly source: CommandSource<Taken>;
  readonly exchange: Exchange;
  readonly shards: number;
  readonly logger: Logger;
  /** Commits what was noted although no event comes. */
  readonly settle: () => Promise<void>;
}

export interface CommandCounts {
  taken: number;
  refused: number;
  forwarded: number;
}

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2_000;
/** So many tries in a row take about half a second. */
const LASTING_FAILURES = 4;

export class CommandConsumer<Taken extends TopicCommand> {
  readonly counts: CommandCounts = { taken: 0, refused: 0, forwarded: 0 };
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private readonly backoff = new Backoff({ firstMs: FIRST_PAUSE_MS, lastMs: LAST_PAUSE_MS });
  /** What was wrong with the last try that came to nothing. */
  private lastFailure = '';

  constructor(private readonly options: CommandConsumerOptions<Taken>) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Why no commands are taken; undefined while they are, and while nobody would notice yet that they are not. */
  get trouble(): string | undefined {
    if (this.backoff.failures < LASTING_FAILURES || !this.isGoingOn()) return undefined;
    return `no commands are taken from the topic: ${this.lastFailure}`;
  }

  /** Takes no more; resolves once those under way have been carried out. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { source, logger, exchange } = this.options;
    const { signal } = this.ending;
    while (this.isGoingOn()) {
      try {
        for await (const commands of source.follow(signal)) {
          this.backoff.reset();
          await this.takeAll(commands);
          if (!this.isGoingOn()) return;
        }
      } catch (error) {
        if (!this.isGoingOn()) return;
        this.lastFailure = messageOf(error);
        logger.warn({ shard: exchange.log.shard, err: error }, 'the commands’ topic cannot be read just now');
        await this.backoff.wait(signal);
      }
    }
  }

  private isGoingOn(): boolean {
    return !this.ending.signal.aborted && this.options.exchange.log.isTaking;
  }

  private async takeAll(commands: readonly Taken[]): Promise<void> {
    const { exchange, source, settle } = this.options;
    if (commands.length === 0 && source.isSettled) return;
    for (const command of commands) {
      if (exchange.congested) await exchange.drained();
      if (!this.isGoingOn()) return;
      await this.take(command); // one after the other: a note about a later one would stand for all before it
    }
    await exchange.log.flushed().catch(() => undefined); // it has stopped: then nothing is to be settled
    if (!source.isSettled) await settle();
  }

  private async take(command: Taken): Promise<void> {
    const { source, exchange, shards } = this.options;
    if (command.unreadable !== undefined) {
      this.refuse(command, 'UNREADABLE_COMMAND', command.unreadable);
      return;
    }
    const read = readTopicCommand(command.value);
    if ('ok' in read) {
      this.refuse(command, 'INVALID_COMMAND', read.detail);
      return;
    }
    const shard = shardOf(read, shards);
    if (shard !== undefined && shard !== exchange.log.shard) {
      this.counts.forwarded++;
      if (!source.forward(command, shard))
        this.refuse(command, 'NOT_OWNER', `it is shard ${shard}’s, and was sent on before`);
      return;
    }
    const answer = await this.carryOut(read, () => source.starting(command));
    const isDone = !answer.ok && answer.donePosition !== undefined;
    if (answer.ok || isDone) this.counts.taken++;
    else if (answer.code !== 'SHARD_UNAVAILABLE') this.refuse(command, answer.code, answer.detail);
  }

  private carryOut(read: Command, starting: () => void): Promise<Answer<object>> {
    const { exchange } = this.options;
    switch (read.verb) {
      case 'post':
        return exchange.take(read.command, starting);
      case 'withdraw':
        return exchange.withdraw(read.command, 'recorded', starting);
      case 'reduce':
        return exchange.reduce(read.command, 'recorded', starting);
      case 'replace':
        return exchange.replace(read.command, 'recorded', starting);
      case 'withdrawAll':
        return exchange.withdrawAll(read.command, 'recorded', starting);
      case 'switch':
        return exchange.setSwitch(read.command, 'recorded', starting);
    }
  }

  private refuse(command: Taken, code: string, detail: string): void {
    this.counts.refused++;
    this.options.source.refuse(command, code, detail);
  }
}

/** Undefined where a command does not say: it is then carried out in the shard whose topic it stands in. */
function shardOf(read: Command, shards: number): number | undefined {
  if (read.verb === 'switch') return undefined;
  if (read.verb !== 'withdrawAll') return shardOfRequest(read, shards);
  const { instrument } = read.command;
  return instrument === undefined ? undefined : shardOfSymbol(instrument, shards);
}
