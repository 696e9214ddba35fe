import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Access } from './context.js';
import type { Keyring } from './keys.js';
import { addressOf, type Connections } from './limits/connections.js';
import type { Turns, Worker } from './limits/turns.js';
import { ProblemError } from './problem.js';

interface Gatekeeping {
  readonly keys: Keyring;
  readonly isStarting: () => boolean;
  readonly connections: Connections;
  readonly turns: Turns;
}

/** What a request costs the thread beside what is measured: about what a post takes. */
const REQUEST_COST_MS = 0.1;

/** Those who ask for health wait for one another, and for nobody else. */
const health: Worker = { id: 'health', weight: 1 };

/**
 * The hooks that let a request through to a route, by the access it asks for. They run before the body is read.
 *
 * 1. A request goes on when it is the turn of whoever sent it, one that is refused too: no number of them takes more than its share.
 * 2. What is answered 429 has not begun, and never will.
 */
export function makeGates(gatekeeping: Gatekeeping): Readonly<Record<Access, onRequestHookHandler[]>> {
  const { keys, isStarting } = gatekeeping;
  const identify = (request: FastifyRequest): void => {
    request.caller = keys.identify(request.headers.authorization, request.headers.host);
    if (isStarting() && request.routeOptions.config.operation?.tag !== 'operation') throw new ProblemError(...starting);
  };
  return {
    open: [openGate(gatekeeping)],
    participant: [gate(gatekeeping, identify)],
    operator: [
      gate(gatekeeping, (request) => {
        identify(request);
        if (!request.caller.operator) throw new ProblemError('FORBIDDEN', 'this takes an operator’s key');
      }),
    ],
  };
}

const starting = ['UNAVAILABLE', 'the log is being opened; try again shortly'] as const;

type Check = (request: FastifyRequest) => void;
type Done = (error?: Error) => void;

function openGate({ turns }: Gatekeeping): onRequestHookHandler {
  return (_request, _reply, done) => turns.take(health, REQUEST_COST_MS, done);
}

function gate({ connections, turns }: Gatekeeping, check: Check): onRequestHookHandler {
  return (request, reply, done) => {
    const { socket } = request.raw;
    let error: Error | undefined;
    try {
      check(request);
    } catch (thrown) {
      error = thrown as Error; // ProblemError, or what is to be answered as INTERNAL
    }
    const { caller } = request as { caller?: FastifyRequest['caller'] }; // of one that was not let in
    const worker = caller === undefined ? { id: addressOf(socket), weight: 1 } : caller.key;
    if (caller !== undefined && !connections.claim(socket, worker.id))
      tooMany(reply, done, 'this key has too many connections');
    else if (!turns.hasRoom(worker)) tooMany(reply, done, 'too many requests of this key wait for their turn');
    else turns.take(worker, REQUEST_COST_MS, () => done(error));
  };
}

function tooMany(reply: FastifyReply, done: Done, detail: string): void {
  reply.header('connection', 'close');
  done(new ProblemError('TOO_MANY_REQUESTS', `${detail}; it was not begun, so try again`));
}
