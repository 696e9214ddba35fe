import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CLUSTER_KEY_HEADER, CLUSTER_PATH, MAX_BATCH_BYTES, MAX_BATCH_REQUESTS } from '../cluster/remote.js';
import type { ClusterAnswer, ClusterRequest } from '../cluster/requests.js';
import { type ClusterPort, viewAlone } from '../cluster/view.js';
import { refuse } from './answer.js';
import { readClusterRequest } from './cluster-body.js';
import type { ServerContext } from './context.js';
import { refuseForeignPage } from './foreign-page.js';
import { describe } from './operation.js';
import { type Problem, ProblemError, problem } from './problem.js';
import { clusterSchema } from './schemas.js';

/** Who is in the cluster, and the way on which its members hand each other commands. */
export function clusterRoutes(app: FastifyInstance, context: ServerContext): void {
  const { cluster, exchange } = context;
  const startedAtMs = Date.now();
  app.get('/v1/cluster', describe(context, operation, { response: { 200: clusterSchema } }), (request) =>
    cluster === undefined ? viewAlone(exchange, `${request.protocol}://${request.host}`, startedAtMs) : cluster.view(),
  );
  if (cluster === undefined) return;
  // Between members only, so it is not in the document.
  const options = { bodyLimit: MAX_BATCH_BYTES, onRequest: letMembersIn(context, cluster) };
  app.post(CLUSTER_PATH, options, async (request, reply) => {
    const { body } = request;
    if (!Array.isArray(body) || body.length > MAX_BATCH_REQUESTS) {
      const detail = `a batch is an array of ${MAX_BATCH_REQUESTS} requests at most`;
      return refuse(context, request, reply, problem('INVALID_COMMAND', detail));
    }
    reply.type('application/json; charset=utf-8');
    return reply.send(JSON.stringify(await carryOut(cluster, body)));
  });
}

/** Answers each, in order. What cannot be read is its own answer, and touches no other. */
async function carryOut(cluster: ClusterPort, body: readonly unknown[]): Promise<readonly (ClusterAnswer | Problem)[]> {
  const read = body.map(readClusterRequest);
  const requests = read.filter((each): each is ClusterRequest => !('code' in each));
  const answers = await cluster.execute(requests);
  let next = 0;
  return read.map((each) => ('code' in each ? each : (answers[next++] ?? problem('INTERNAL', 'there is no answer'))));
}

/** Members know the cluster's secret. Where none is set there are no keys either, and whoever is on this machine may do anything. */
function letMembersIn({ keys }: ServerContext, { key }: ClusterPort) {
  const digest = key === undefined ? undefined : hash('sha256', key, 'buffer');
  return (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    const given = request.headers[CLUSTER_KEY_HEADER];
    if (digest === undefined && !keys.secured) {
      try {
        keys.identify(undefined, request.headers.host);
        refuseForeignPage(request.method, request.headers);
        done();
      } catch (error) {
        done(error as Error); // a ProblemError
      }
      return;
    }
    const isMember =
      digest !== undefined && typeof given === 'string' && timingSafeEqual(hash('sha256', given, 'buffer'), digest);
    done(
      isMember ? undefined : new ProblemError('FORBIDDEN', 'this is for members of the cluster, which have its key'),
    );
  };
}

const operation = {
  operationId: 'getCluster',
  summary: 'The processes that share the shards, and who has which',
  description:
    'As the one that answers sees it (`self`); others may see it otherwise for a moment. A server that is alone shows itself.',
  tag: 'operation',
  access: 'affairs',
} as const;
