import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { type Access, whyNotFor } from './access.js';
import { refuseForeignPage } from './foreign-page.js';
import type { Keyring } from './keys.js';
import { ProblemError } from './problem.js';

/** The hooks that let a request through to a route, by the access it asks for. They run before the body is read. */
export function makeGates(keys: Keyring, isStarting: () => boolean): Readonly<Record<Access, onRequestHookHandler[]>> {
  const to = (access: Access): onRequestHookHandler[] => [
    gate((request) => {
      request.caller = keys.identify(request.headers.authorization, request.headers.host);
      // No browser sends a key by itself.
      if (!keys.secured) refuseForeignPage(request.method, request.headers);
      if (isStarting() && request.routeOptions.config.operation?.tag !== 'operation')
        throw new ProblemError(...starting);
      const refusal = whyNotFor(access, request.caller);
      if (refusal !== undefined) throw new ProblemError(refusal.code, refusal.detail);
    }),
  ];
  return {
    open: [],
    market: to('market'),
    affairs: to('affairs'),
    trading: to('trading'),
    oversight: to('oversight'),
    operating: to('operating'),
  };
}

const starting = ['UNAVAILABLE', 'the log is being opened; try again shortly'] as const;

function gate(check: (request: FastifyRequest) => void): onRequestHookHandler {
  return (request, _reply, done) => {
    try {
      check(request);
    } catch (error) {
      done(error as Error); // ProblemError, or what is to be answered as INTERNAL
      return;
    }
    done();
  };
}
