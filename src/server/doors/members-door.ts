/**
 * The route by which members forward commands to each other. A member proves that it knows the secret of the cluster before its body is
 * read; where none is set there are no keys either, and every process on this machine may do anything.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Admitted, isBodyOf, MemberDoor, PROOF_HEADER } from '../../cluster/forwarding/member-proof.js';
import type { ClusterPort } from '../../cluster/view.js';
import type { ServerContext } from '../context.js';
import { refuseForeignPage } from './foreign-page.js';
import { ProblemError } from '../problem-details.js';

/** What members of earlier releases send: the secret itself. It is taken from them, and never sent. */
export const CLUSTER_KEY_HEADER = 'x-parley-cluster-key';

/** Makes a scope one for members: others are refused, and the answers to members carry a proof. */
export function forMembers(scope: FastifyInstance, context: ServerContext, cluster: ClusterPort): void {
  const { key } = cluster;
  if (key === undefined) {
    scope.addHook('onRequest', (request, _reply, done) => done(whyNotOpen(context, request)));
    return;
  }
  const door = new MemberDoor(key);
  const admitted = new WeakMap<FastifyRequest, Admitted>();
  scope.addHook('onRequest', (request, _reply, done) => {
    if (knows(key, request.headers[CLUSTER_KEY_HEADER])) {
      done();
      return;
    }
    const { method, url: path } = request;
    const found = door.admit(request.headers[PROOF_HEADER], { method, path, to: cluster.address });
    if (typeof found === 'string') {
      done(new ProblemError('FORBIDDEN', found));
      return;
    }
    admitted.set(request, found);
    done();
  });
  scope.addHook('onSend', (request, reply, payload, done) => {
    const by = admitted.get(request);
    if (by !== undefined) {
      const body = Buffer.from(typeof payload === 'string' ? payload : '');
      reply.header(PROOF_HEADER, door.proveAnswer(by, reply.statusCode, body));
    }
    done(null, payload);
  });
  parseProved(scope, admitted);
}

/** JSON, of which every byte is what was proved. */
function parseProved(scope: FastifyInstance, admitted: WeakMap<FastifyRequest, Admitted>): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const by = admitted.get(request);
    const bytes = Buffer.from(body);
    if (by !== undefined && !isBodyOf(by, bytes)) {
      done(new ProblemError('FORBIDDEN', 'the body is not the one that was sent'));
      return;
    }
    try {
      done(null, JSON.parse(bytes.toString()));
    } catch {
      done(new ProblemError('MALFORMED_JSON', 'the body is not JSON'));
    }
  });
}

function whyNotOpen({ keys }: ServerContext, { method, headers }: FastifyRequest): Error | undefined {
  // With keys, a cluster without a secret is closed: it has no members that could show who they are.
  if (keys.secured) return new ProblemError('FORBIDDEN', 'this is for members of the cluster, which have its key');
  try {
    keys.identify(undefined, headers.host);
    refuseForeignPage(method, headers);
    return undefined;
  } catch (error) {
    return error as Error; // a ProblemError
  }
}

function knows(key: string, given: unknown): boolean {
  return typeof given === 'string' && timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', key, 'buffer'));
}
