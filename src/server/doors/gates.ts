import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { type Access, takes, whyNotFor } from './access.js';
import type { ServerContext } from '../context.js';
import { refuseForeignPage } from './foreign-page.js';
import { strangerAt } from '../limits/connections.js';
import { REQUEST_COST_MS, type Worker } from '../limits/request-turns.js';
import { ProblemError } from '../problem-details.js';

interface Gatekeeping extends Pick<ServerContext, 'keys' | 'connections' | 'turns'> {
  readonly isStarting: () => boolean;
}

/** Those who ask for health wait for one another, and for nobody else. */
const health: Worker = { id: 'health', weight: 1 };

/**
 * The hooks that let a request through to a route, by the access it asks for. They run before the body is read.
 *
 * 1. A request goes on when it is its caller’s turn, one that is refused too: no number of them takes more than the caller’s share.
 * 2. What is answered 429 has not begun, and never will.
 */
export function makeGates(gatekeeping: Gatekeeping): Readonly<Record<Access, onRequestHookHandler[]>> {
  const closed = (Object.keys(takes) as Access[]).map((access) => [access, [gate(gatekeeping, access)]]); // its keys
  return { ...(Object.fromEntries(closed) as Record<Access, onRequestHookHandler[]>), open: [openGate(gatekeeping)] };
}

const starting = ['UNAVAILABLE', 'the log is being opened; try again shortly'] as const;

type Done = (error?: Error) => void;

function openGate({ turns }: Gatekeeping): onRequestHookHandler {
  return (_request, _reply, done) => turns.take(health, REQUEST_COST_MS, done);
}

function gate(gatekeeping: Gatekeeping, access: Access): onRequestHookHandler {
  const { connections, turns } = gatekeeping;
  return (request, reply, done) => {
    const { socket } = request.raw;
    const error = whyNot(gatekeeping, access, request);
    const { caller } = request as { caller?: FastifyRequest['caller'] }; // of one that was not let in
    const worker = caller === undefined ? strangerAt(socket) : caller.key;
    if (caller !== undefined && !connections.claim(socket, worker.id))
      tooMany(reply, done, 'this key has too many connections');
    else if (!turns.hasRoom(worker)) tooMany(reply, done, 'too many requests of this key wait for their turn');
    else turns.take(worker, REQUEST_COST_MS, () => done(error));
  };
}

/** Says who asks, as far as that is known, and why they may not. */
function whyNot({ keys, isStarting }: Gatekeeping, access: Access, request: FastifyRequest): Error | undefined {
  try {
    request.caller = keys.identify(request.headers.authorization, request.headers.host);
    // No browser sends a key by itself.
    if (!keys.secured) refuseForeignPage(request.method, request.headers);
  } catch (error) {
    return error as Error; // ProblemError, or what is to be answered as INTERNAL
  }
  if (isStarting() && request.routeOptions.config.operation?.tag !== 'operation') return new ProblemError(...starting);
  const refusal = whyNotFor(access, request.caller);
  return refusal && new ProblemError(refusal.code, refusal.detail);
}

function tooMany(reply: FastifyReply, done: Done, detail: string): void {
  reply.header('connection', 'close');
  done(new ProblemError('TOO_MANY_REQUESTS', `${detail}; it was not begun, so try again`));
}
