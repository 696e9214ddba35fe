/**
 * What one WebSocket has subscribed to.
 *
 * 1. A subscription is named by all that it says, but for where it begins and how often it is sent: each is there once.
 * 2. It is answered before its first message, and there is none after the answer that it has ended.
 */
import { quoted } from '../../api/post-body.js';
import { type Problem, problem } from '../../api/problem.js';
import { subscriptions } from '../../api/schemas/socket-schemas.js';
import { compileCheck } from '../check-fields.js';
import type { ServerContext } from '../context.js';
import type { Caller } from '../doors/access.js';
import { eventWish } from '../feeds/event-wishes.js';
import type { OpenFeed } from '../feeds/outlets/feed-outlets.js';
import type { Live } from '../feeds/live.js';
import { openFeed } from '../feeds/outlets/open-feed.js';
import type { AskedStream } from '../streams/wishes.js';
import { streamWish } from '../streams/wishes.js';
import type { SocketConnection } from './connection/socket-connection.js';
import { SocketFeedOutput } from './connection/socket-feed-output.js';

const MOST_SUBSCRIPTIONS = 64;

type Check = ReturnType<typeof compileCheck>;

const checks: ReadonlyMap<string, Check> = new Map(
  Object.entries(subscriptions).map(([channel, schema]) => [channel, compileCheck(schema, 'body')]),
);

/** One that is open, or being opened. */
interface Subscription {
  readonly name: Asked;
  readonly output: SocketFeedOutput;
}

/** A subscription as it was asked for, its fields checked by the schema of its channel. */
interface Asked {
  readonly channel: string;
  readonly after?: number;
  readonly from?: number;
  readonly rate?: string;
  readonly [field: string]: unknown;
}

export interface SubscriptionsOptions {
  readonly context: ServerContext;
  readonly connection: SocketConnection;
  readonly live: Live;
}

export class SocketSubscriptions {
  private readonly open = new Map<string, Subscription>();

  constructor(private readonly options: SubscriptionsOptions) {}

  /** Gives what it is now subscribed to, or why it is not. */
  async subscribe(given: unknown, caller: Caller): Promise<object> {
    const asked = readSubscription(given);
    if ('code' in asked) return asked;
    const { name, key } = nameOf(asked);
    if (this.open.has(key)) return problem('INVALID_COMMAND', 'this is subscribed to already');
    if (this.open.size >= MOST_SUBSCRIPTIONS) {
      return problem(
        'TOO_MANY_REQUESTS',
        `a connection has ${MOST_SUBSCRIPTIONS} subscriptions at most; end one first`,
      );
    }
    const output = new SocketFeedOutput(this.options.connection, name);
    output.onceGone(() => this.open.delete(key));
    this.open.set(key, { name, output });
    const opened = await this.begin(asked, output, caller).catch((error: unknown) => {
      output.end();
      throw error;
    });
    if (!opened.ok) {
      output.end();
      return opened;
    }
    const { subscriptions: gauge } = this.options.context.metrics.sockets;
    gauge.inc({ channel: asked.channel });
    output.onceGone(() => gauge.dec({ channel: asked.channel }));
    return name;
  }

  unsubscribe(given: unknown): object {
    const asked = readSubscription(given);
    if ('code' in asked) return asked;
    const { name, key } = nameOf(asked);
    const found = this.open.get(key);
    if (found === undefined) return problem('INVALID_COMMAND', 'this is not subscribed to');
    found.output.end();
    return name;
  }

  end(): void {
    for (const { output } of this.open.values()) output.end();
  }

  private async begin(asked: Asked, output: SocketFeedOutput, caller: Caller): Promise<OpenFeed | Problem> {
    const { key } = caller;
    const { context, live } = this.options;
    const { admit, events, streams } = live;
    if (asked.channel === 'events') {
      const { after } = asked;
      if (after !== undefined && asked.from !== undefined) return afterOrFrom;
      const from = after === undefined ? asked.from : after + 1;
      const wish = await eventWish(context, caller, { ...asked, from }, 'websocket');
      return 'code' in wish ? wish : openFeed({ outlets: events, admit }, { output, wish, key });
    }
    const wish = await streamWish(context, caller, asked as unknown as AskedStream, 'websocket'); // of its channel’s schema
    return 'code' in wish ? wish : openFeed({ outlets: streams, admit }, { output, wish, key });
  }
}

const afterOrFrom = problem('INVALID_COMMAND', 'give `after` or `from`, not both');

function readSubscription(given: unknown): Asked | Problem {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return problem('INVALID_COMMAND', 'a subscription is a JSON object');
  }
  const channel: unknown = 'channel' in given ? given.channel : undefined;
  const check = typeof channel === 'string' ? checks.get(channel) : undefined;
  if (check === undefined) {
    const what = typeof channel === 'string' ? `there is no channel ${quoted(channel)}` : 'channel must be a string';
    return problem('INVALID_COMMAND', `${what}: it is one of ${[...checks.keys()].join(', ')}`);
  }
  const checked = check(given);
  return 'error' in checked ? checked.error.problem : (checked.value as Asked); // checked just now
}

function nameOf({ after: _after, from: _from, rate: _rate, ...name }: Asked): {
  readonly name: Asked;
  readonly key: string;
} {
  const fields = Object.entries(name).sort(([one], [other]) => (one < other ? -1 : 1));
  return { name: name, key: JSON.stringify(fields) }; // its channel is still in it
}
