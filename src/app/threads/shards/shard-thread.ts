/** The thread of one shard of a process that has several: writes its log, and carries out what its front asks of it. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { execute } from '../../../cluster/forwarding/execution.js';
import type { CarriedAnswer } from '../../../cluster/forwarding/requests.js';
import { refuse, type ShardStatus } from '../../../exchange/commands.js';
import type { Logger } from '../../../resilience/logger.js';
import type { ProgressBar } from '../../console.js';
import type { LogTarget } from '../../logs/log-target.js';
import { targetOf } from '../../logs/targets.js';
import { WrittenShard } from '../../serving/written-shard.js';
import { toldError } from '../told-error.js';
import {
  type AnsweredCall,
  type FromShardThread,
  logLevels,
  type ShardCall,
  type ShardReport,
  type ShardThreadData,
  type ShardWork,
  type ToldLine,
  type ToShardThread,
} from './shard-messages.js';

const PROGRESS_EACH_MS = 100;
/** How soon the front learns of what is no answer and no commit: that a shard has stopped, or what it waits for. */
const LOOK_EACH_MS = 200;

type Tell = (message: FromShardThread) => void;

/**
 * 1. What is carried out is told once it may be told, with how far the log is durable by then; all that comes together in one message.
 * 2. A shard whose log fails is opened again by this thread. One that could not be opened at first ends it, with the reason.
 */
class ShardThread {
  private readonly shard: WrittenShard;
  private readonly logger: Logger;
  private answered: AnsweredCall[] = [];
  private isReportDue = false;
  private last = '';
  private readonly looking: NodeJS.Timeout;

  constructor(
    private readonly target: LogTarget,
    private readonly data: ShardThreadData,
    private readonly tell: Tell,
  ) {
    const news = {
      onDurable: () => this.reportSoon(),
      onFinal: (_shard: number, final: string) => tell({ final }),
    };
    const console = { progress: () => progressTo(tell) };
    this.logger = loggerTo(tell);
    this.shard = new WrittenShard({ console, target, news }, { ...data, logger: this.logger });
    this.looking = setInterval(() => this.look(), LOOK_EACH_MS);
  }

  async open(): Promise<void> {
    await this.shard.open();
    this.report();
    this.tell({ opened: true });
  }

  /** The turns of what is posted have run when this returns. */
  carry(calls: readonly ShardCall[]): void {
    for (const call of calls) {
      const answer = (answers: readonly CarriedAnswer[]): void => {
        this.answered.push({ id: call.id, answers });
        this.reportSoon();
      };
      this.work(call).then(answer, (error: unknown) => {
        this.logger.error({ err: error, shard: this.data.settings.shard }, 'the exchange failed');
        const asked: readonly unknown[] = 'posts' in call ? call.posts : call.requests;
        answer(asked.map(() => refuse('SHARD_UNAVAILABLE', 'the exchange failed, so the outcome is unknown')));
      });
    }
  }

  private async work(work: ShardWork): Promise<readonly CarriedAnswer[]> {
    const { exchange } = this.shard;
    if ('posts' in work) return exchange.postAll(work.posts);
    const { settings, shards } = this.data;
    const local = (shard: number): typeof exchange | undefined => (shard === settings.shard ? exchange : undefined);
    return (await execute({ shards, local }, work.requests)) as readonly CarriedAnswer[]; // they are all for this shard
  }

  async end(): Promise<void> {
    await this.shard.exchange.close();
    await this.shard.end();
    await this.target.close();
    clearInterval(this.looking);
    this.report();
  }

  private look(): void {
    if (this.last !== textOf(this.status)) this.report();
  }

  private get status(): ShardStatus {
    const [status] = this.shard.exchange.shards();
    if (status === undefined) throw new Error('an exchange that stands alone has one shard');
    return status;
  }

  private reportSoon(): void {
    if (this.isReportDue) return;
    this.isReportDue = true;
    setImmediate(() => this.report());
  }

  private report(): void {
    this.isReportDue = false;
    const { status, answered } = this;
    this.answered = [];
    this.last = textOf(status);
    const report: ShardReport = { status, writerEpoch: this.shard.writerEpoch, answered };
    this.tell({ report: JSON.stringify(report) });
  }
}

/** What of a shard the front is told though nothing is answered or committed. */
function textOf({ state, reason, openings }: ShardStatus): string {
  return JSON.stringify({ state, reason, openings });
}

function progressTo(tell: Tell): ProgressBar {
  let toldMs = 0;
  return {
    update: (replayed, head) => {
      if (performance.now() - toldMs < PROGRESS_EACH_MS) return;
      toldMs = performance.now();
      tell({ replayed, head });
    },
    stop: () => undefined,
  };
}

function loggerTo(tell: Tell): Logger {
  const levels = logLevels.map((level) => [
    level,
    (given: { readonly err?: unknown }, message: string): void => {
      const { err, ...details } = given;
      const line: ToldLine = { level, details, err: err === undefined ? undefined : toldError(err), message };
      tell({ line });
    },
  ]);
  return Object.fromEntries(levels) as Logger; // it has all levels
}

async function run(port: MessagePort, data: ShardThreadData): Promise<void> {
  const tell: Tell = (message) => port.postMessage(message);
  let thread: ShardThread | undefined;
  const end = async (): Promise<void> => {
    await thread?.end();
    port.close();
  };
  try {
    const opening = new ShardThread(await targetOf(data.settings), data, tell);
    thread = opening;
    port.on('message', (message: ToShardThread) => {
      if ('calls' in message)
        opening.carry(JSON.parse(message.calls) as readonly ShardCall[]); // as the front writes them
      else void end();
    });
    await opening.open();
  } catch (error) {
    tell({ failed: toldError(error) });
    await end();
  }
}

if (parentPort !== null) await run(parentPort, workerData as ShardThreadData); // ThreadedShards starts it with nothing else
