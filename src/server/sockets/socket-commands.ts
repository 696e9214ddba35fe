/**
 * The commands of one connection.
 *
 * 1. They are handed to the exchange in the order in which they came, at the end of the turn in which they were read; posts that follow
 *    each other, together.
 * 2. Each is answered as soon as what it did is durable, also where others of its turn are not.
 */
import { type Command, readCommand } from '../../api/command-body.js';
import { type Problem, problem } from '../../api/problem.js';
import type { RequestId, SocketRequest } from '../../api/socket-request.js';
import type { PostIntention } from '../../exchange/commands.js';
import { type Carried, carryOut } from '../commands/carry-out.js';
import { replyTo } from '../commands/command-reply.js';
import type { ServerContext } from '../context.js';
import type { Caller, KeyInUse } from '../doors/access.js';
import { answerText } from './socket-answers.js';
import type { SocketConnection } from './connection/socket-connection.js';

/** Posts that follow each other, or one other command. */
interface Step {
  readonly commands: Command[];
  readonly ids: RequestId[];
  /** Undefined for another command. */
  readonly posts: PostIntention[] | undefined;
  bytes: number;
}

const unknown = problem('INTERNAL', 'the exchange failed; whether this was done is unknown: a post may be sent again');

export class SocketCommands {
  private steps: Step[] = [];
  private count = 0;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly context: ServerContext,
    private readonly connection: SocketConnection,
  ) {}

  /** Keeps it until `begin`, or says why it is no command. */
  add({ id, given }: SocketRequest, caller: Caller, bytes: number): Problem | undefined {
    const command = readCommand(given, caller);
    if ('code' in command) return command;
    const step = this.stepFor(command);
    step.commands.push(command);
    step.ids.push(id);
    step.bytes += bytes;
    this.count++;
    return undefined;
  }

  /** Hands over what was added since, and gives how many commands that is. */
  begin(key: KeyInUse): number {
    const { steps, count } = this;
    if (count === 0) return 0;
    this.steps = [];
    this.count = 0;
    this.context.metrics.sockets.commands.inc(count);
    for (const step of steps) {
      const work = this.carryOut(step, key).finally(() => this.underWay.delete(work));
      this.underWay.add(work);
    }
    return count;
  }

  /** Once what has begun is answered; undefined where nothing is under way. */
  answered(): Promise<unknown> | undefined {
    return this.underWay.size === 0 ? undefined : Promise.all(this.underWay);
  }

  private stepFor(command: Command): Step {
    const last = this.steps.at(-1);
    if (command.verb === 'post') {
      if (last?.posts !== undefined) {
        last.posts.push(command.command);
        return last;
      }
      return this.newStep([command.command]);
    }
    return this.newStep(undefined);
  }

  private newStep(posts: PostIntention[] | undefined): Step {
    const step = { commands: [], ids: [], posts, bytes: 0 };
    this.steps.push(step);
    return step;
  }

  private async carryOut(step: Step, key: KeyInUse): Promise<void> {
    let answers: readonly Carried[] = [];
    try {
      answers = await this.handOver(step, key);
    } catch (error) {
      this.context.logger.error({ err: error }, 'commands of a WebSocket failed');
    }
    this.answer(step, answers);
  }

  private async handOver({ posts, commands: [command] }: Step, key: KeyInUse): Promise<readonly Carried[]> {
    if (posts !== undefined) return this.context.exchange.postAll(posts);
    return command === undefined ? [] : [await carryOut(this.context, key, command)];
  }

  private answer({ commands, ids, bytes }: Step, answers: readonly Carried[]): void {
    commands.forEach((command, at) => {
      const answer = answers[at] ?? unknown;
      if (!answer.ok) this.context.metrics.refused(answer.code);
      const { status, json } = replyTo(command, answer);
      this.connection.answer(answerText(ids[at] ?? null, status, json), at === 0 ? bytes : 0);
    });
    this.connection.answered(commands.length);
  }
}
