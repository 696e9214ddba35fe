import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { type Access, type Caller, takes, whyNotFor } from './access.js';
import type { ServerContext } from '../context.js';
import { refuseForeignPage } from './foreign-page.js';
import { strangerAt } from '../limits/connections.js';
import { REQUEST_COST_MS, type Worker } from '../limits/request-turns.js';
import { ProblemError } from '../problem-details.js';
import { isSigned } from '../signatures/signature-check.js';

const ndjson = 'application/x-ndjson';

interface Gatekeeping extends Pick<
  ServerContext,
  'keys' | 'connections' | 'turns' | 'rates' | 'signatures' | 'allowedOrigins'
> {
  readonly isStarting: () => boolean;
}

/** Those who ask for health wait for one another, and for nobody else. */
const health: Worker = { id: 'health', weight: 1 };

/**
 * The hooks that let a request through to a route, by the access it asks for. They run before the body is read.
 *
 * 1. A request goes on when it is its caller’s turn, one that is refused too: no number of them takes more than the caller’s share.
 * 2. What is answered 429 has not begun, and never will.
 * 3. A signature is verified in a turn of those who say at the same address that they have its key: who has it not, holds up nobody else.
 */
export function makeGates(gatekeeping: Gatekeeping): Readonly<Record<Access, onRequestHookHandler[]>> {
  const closed = (Object.keys(takes) as Access[]).map((access) => [access, [gate(gatekeeping, access)]]); // its keys
  return { ...(Object.fromEntries(closed) as Record<Access, onRequestHookHandler[]>), open: [openGate(gatekeeping)] };
}

const starting = ['UNAVAILABLE', 'the log is being opened; try again shortly'] as const;

type Done = (error?: Error) => void;

/** Somebody at a gate. */
interface Visit {
  readonly access: Access;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly done: Done;
}

/** Gives who asks, or throws ProblemError. */
type Identify = () => Caller;

function openGate({ turns }: Gatekeeping): onRequestHookHandler {
  return (_request, _reply, done) => turns.take(health, REQUEST_COST_MS, done);
}

function gate(gatekeeping: Gatekeeping, access: Access): onRequestHookHandler {
  const { keys } = gatekeeping;
  return (request, reply, done) => {
    const { headers } = request;
    const visit = { access, request, reply, done };
    if (keys.secured && isSigned(headers)) letProve(gatekeeping, visit);
    else letIn(gatekeeping, visit, () => keys.identify(headers.authorization, headers.host));
  };
}

/** Invariant 3. */
function letProve(gatekeeping: Gatekeeping, visit: Visit): void {
  const { signatures, turns } = gatekeeping;
  const { request, reply, done } = visit;
  const { method, url: target, headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const claim = attempt(() => signatures.claim({ method, target, headers, hasBody }));
  if (claim instanceof Error) {
    letIn(gatekeeping, visit, () => {
      throw claim;
    });
    return;
  }
  const { id, weight } = claim.signer.caller.key;
  const worker: Worker = { id: `${id} claimed at ${request.raw.socket.remoteAddress ?? ''}`, weight };
  if (!turns.hasRoom(worker)) {
    tooMany(reply, done, 'too many requests that say they are of this key wait for their turn');
    return;
  }
  request.contentDigest = claim.digest;
  turns.take(worker, REQUEST_COST_MS, () => letIn(gatekeeping, visit, claim.prove));
}

function attempt<Result>(work: () => Result): Result | Error {
  try {
    return work();
  } catch (error) {
    return error as Error; // ProblemError, or what is to be answered as INTERNAL
  }
}

function letIn(gatekeeping: Gatekeeping, visit: Visit, identify: Identify): void {
  const { connections, turns } = gatekeeping;
  const { request, reply, done } = visit;
  const { socket } = request.raw;
  const error = whyNot(gatekeeping, visit, identify) ?? whyTooSoon(gatekeeping, visit);
  const { caller } = request as { caller?: Caller }; // of one that was not let in
  const worker = caller === undefined ? strangerAt(socket) : caller.key;
  if (caller !== undefined && !connections.claim(socket, worker.id))
    tooMany(reply, done, 'this key has too many connections');
  else if (!turns.hasRoom(worker)) tooMany(reply, done, 'too many requests of this key wait for their turn');
  else turns.take(worker, REQUEST_COST_MS, () => done(error));
}

/** Says who asks, as far as that is known, and why they may not. */
function whyNot(
  { keys, isStarting, allowedOrigins }: Gatekeeping,
  { access, request }: Visit,
  identify: Identify,
): Error | undefined {
  try {
    request.caller = identify();
    // No browser sends a key by itself.
    if (!keys.secured) refuseForeignPage(request.method, request.headers, allowedOrigins);
  } catch (error) {
    return error as Error; // ProblemError, or what is to be answered as INTERNAL
  }
  if (isStarting() && request.routeOptions.config.operation?.tag !== 'operation') return new ProblemError(...starting);
  const refusal = whyNotFor(access, request.caller);
  return refusal && new ProblemError(refusal.code, refusal.detail);
}

/** Counts the request against the rate of its key, and says so; gives why it is refused. */
function whyTooSoon({ rates }: Gatekeeping, { request, reply }: Visit): ProblemError | undefined {
  const bucket = rates.of(request.caller.key);
  if (bucket === undefined || !isCounted(request)) return undefined;
  const waitMs = bucket.admit();
  reply.header('ratelimit-policy', bucket.policy).header('ratelimit', bucket.limit);
  if (waitMs === 0) return undefined;
  const detail = 'this key has made as many requests as it may for now; this one was not begun, so try again';
  return new ProblemError('TOO_MANY_REQUESTS', detail, { 'retry-after': String(Math.ceil(waitMs / 1_000)) });
}

/** Whoever runs the exchange can look at it at any time; of streams of posts, the lines are counted. */
function isCounted({ headers, routeOptions }: FastifyRequest): boolean {
  const { operation } = routeOptions.config;
  if (operation?.tag === 'operation' || operation?.isStream === true) return false;
  return headers['content-type']?.toLowerCase().startsWith(ndjson) !== true;
}

function tooMany(reply: FastifyReply, done: Done, detail: string): void {
  reply.header('connection', 'close');
  done(new ProblemError('TOO_MANY_REQUESTS', `${detail}; it was not begun, so try again`));
}
