/**
 * What one program says on its WebSocket, and what it is answered.
 *
 * 1. Each message that names an id gets one answer with that id, but not in the order of the messages: commands are answered when what they
 *    did is durable.
 * 2. What may be done is looked at for each message, by the key that was shown; before that nothing is done.
 */
import { closeCodes } from '../../api/close-codes.js';
import { type Problem, problem } from '../../api/problem.js';
import { type BadSocketRequest, readSocketRequest, type SocketRequest } from '../../api/socket-request.js';
import type { ServerContext } from '../context.js';
import { type Caller, whyNotFor } from '../doors/access.js';
import type { Live } from '../feeds/live.js';
import { answerText, problemText } from './socket-answers.js';
import type { Disconnects } from './disconnects.js';
import { SocketCommands } from './socket-commands.js';
import type { SocketConnection, SocketReceiver } from './connection/socket-connection.js';
import { SocketDeparture } from './socket-departure.js';
import { SocketSubscriptions } from './socket-subscriptions.js';

/** Commands one after another that the rate of the key refuses before it is closed. */
const MOST_TOO_SOON = 1_000;
/** Messages that are refused for want of a key before it is closed. */
const MOST_UNAUTHENTICATED = 8;

export interface SessionOptions {
  readonly context: ServerContext;
  readonly live: Live;
  readonly disconnects: Disconnects;
  readonly connection: SocketConnection;
  /** Who shows this in the message `authenticate`. */
  readonly identify: (given: unknown) => Caller | Problem;
  /** Lets this caller in on the connection, or says why not. */
  readonly admit: (caller: Caller) => Problem | undefined;
}

export class SocketSession implements SocketReceiver {
  private readonly commands: SocketCommands;
  private readonly subscriptions: SocketSubscriptions;
  private readonly departure: SocketDeparture;
  private refusedUnauthenticated = 0;
  /** One after another. */
  private refusedTooSoon = 0;

  constructor(private readonly options: SessionOptions) {
    this.commands = new SocketCommands(options.context, options.connection);
    this.subscriptions = new SocketSubscriptions(options);
    this.departure = new SocketDeparture(options.disconnects, options.context.lifecycle);
  }

  take(text: string, bytes: number): void {
    const request = readSocketRequest(text);
    const { caller, isOver } = this.options.connection;
    if ('problem' in request) this.refuse(request, request.problem, bytes);
    else if (isOver) this.refuse(request, closing, bytes);
    else if (caller !== undefined) this.serve(request, caller, bytes);
    else if (request.verb === 'authenticate') this.authenticate(request, bytes);
    else this.refuseStranger(request, bytes);
  }

  endTurn(): number {
    const { caller } = this.options.connection;
    return caller === undefined ? 0 : this.commands.begin(caller.key);
  }

  left(): void {
    this.subscriptions.end();
    this.departure.left(this.commands.answered());
  }

  private serve(request: SocketRequest, caller: Caller, bytes: number): void {
    switch (request.verb) {
      case 'command': {
        const refusal =
          whyNotFor('trading', caller) ?? this.whyTooSoon(caller) ?? this.commands.add(request, caller, bytes);
        if (refusal !== undefined) this.refuse(request, refusal, bytes);
        return;
      }
      case 'authenticate':
        this.refuse(request, known, bytes);
        return;
      case 'ping':
        this.answer(
          request,
          isEmpty(request.given) ? {} : problem('INVALID_COMMAND', 'ping is an empty object'),
          bytes,
        );
        return;
      case 'withdrawOnDisconnect':
        this.answer(request, whyNotFor('trading', caller) ?? this.departure.ask(request.given, caller), bytes);
        return;
      case 'subscribe':
        void this.subscribe(request, caller, bytes);
        return;
      case 'unsubscribe':
        this.answer(request, this.subscriptions.unsubscribe(request.given), bytes);
        return;
    }
  }

  /** Counts a command against the rate of its key, or says why it is not begun. Who does not heed that is closed. */
  private whyTooSoon({ key }: Caller): Problem | undefined {
    const bucket = this.options.context.rates.of(key);
    const waitMs = bucket?.admit() ?? 0;
    if (waitMs === 0) {
      this.refusedTooSoon = 0;
      return undefined;
    }
    if (++this.refusedTooSoon === MOST_TOO_SOON) {
      this.options.connection.close(closeCodes.tooFast, 'too many commands came though the rate was spent');
    }
    const says = `this key has sent as many commands as it may for now; this one was not begun, so try again in ${Math.ceil(waitMs)} ms`;
    return problem('TOO_MANY_REQUESTS', says);
  }

  private async subscribe(request: SocketRequest, caller: Caller, bytes: number): Promise<void> {
    try {
      this.answer(request, await this.subscriptions.subscribe(request.given, caller), bytes);
    } catch (error) {
      this.options.context.logger.error({ err: error }, 'a subscription failed');
      this.refuse(request, failed, bytes);
    }
  }

  private authenticate(request: SocketRequest, bytes: number): void {
    const { identify, admit, connection } = this.options;
    const caller = identify(request.given);
    if ('ok' in caller) {
      this.refuseStranger(request, bytes, caller);
      return;
    }
    const refusal = admit(caller);
    this.answer(request, refusal ?? { role: caller.role, participant: caller.participant }, bytes);
    if (refusal !== undefined) connection.close(closeCodes.tryAgainLater, refusal.detail);
  }

  /** Who may not be let in has so many attempts. */
  private refuseStranger(request: SocketRequest, bytes: number, why: Problem = noKey): void {
    this.refuse(request, why, bytes);
    const { connection } = this.options;
    if (connection.caller !== undefined || ++this.refusedUnauthenticated < MOST_UNAUTHENTICATED) return;
    connection.close(closeCodes.unauthenticated, 'no key was shown that is known');
  }

  private answer({ id }: SocketRequest, body: object | Problem, bytes: number): void {
    if ('code' in body && 'ok' in body)
      this.refuse({ id }, body, bytes); // no body has both
    else this.options.connection.answer(answerText(id, 200, JSON.stringify(body)), bytes);
  }

  private refuse({ id }: Pick<BadSocketRequest, 'id'>, why: Problem, bytes: number): void {
    this.options.context.metrics.refused(why.code);
    this.options.connection.answer(problemText(id, why), bytes);
  }
}

const noKey = problem('UNAUTHENTICATED', 'show a key first: {"id":1,"authenticate":{"key":"…"}}');
const known = problem('INVALID_COMMAND', 'a key has been shown on this connection');
const failed = problem('INTERNAL', 'the server failed; nothing was subscribed to');
const closing = problem('UNAVAILABLE', 'the connection is being closed; this was not begun');

function isEmpty(given: unknown): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given) && Object.keys(given).length === 0;
}
