import type { FastifyInstance } from 'fastify';
import { CLUSTER_PATH, MAX_BATCH_BYTES, MAX_BATCH_REQUESTS } from '../../../cluster/forwarding/remote.js';
import type { ClusterAnswer, ClusterRequest } from '../../../cluster/forwarding/requests.js';
import { type ClusterPort, viewAlone } from '../../../cluster/view.js';
import { refuse } from '../answer.js';
import { readClusterRequest } from './cluster-body.js';
import type { ServerContext } from '../../context.js';
import { forMembers } from '../../doors/members-door.js';
import { describe, type Operation } from '../operation.js';
import { type Problem, problem } from '../../../api/problem.js';
import { clusterSchema } from '../../../api/schemas/schemas.js';

/** Who is in the cluster, and the way on which its members hand each other commands. */
export function clusterRoutes(app: FastifyInstance, context: ServerContext): void {
  const { cluster, exchange } = context;
  const startedAtMs = Date.now();
  app.get('/v1/cluster', describe(context, operation), (request) =>
    cluster === undefined ? viewAlone(exchange, `${request.protocol}://${request.host}`, startedAtMs) : cluster.view(),
  );
  if (cluster === undefined) return;
  void app.register(async (scope) => {
    forMembers(scope, context, cluster);
    takeBatches(scope, context, cluster);
  });
}

/** Between members only, so it is not in the document. */
function takeBatches(scope: FastifyInstance, context: ServerContext, cluster: ClusterPort): void {
  scope.post(CLUSTER_PATH, { bodyLimit: MAX_BATCH_BYTES }, async (request, reply) => {
    const { body } = request;
    if (!Array.isArray(body) || body.length > MAX_BATCH_REQUESTS) {
      const detail = `a batch is an array of ${MAX_BATCH_REQUESTS} requests at most`;
      return refuse(context, reply, problem('INVALID_COMMAND', detail));
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

const operation: Operation = {
  operationId: 'getCluster',
  summary: 'The processes that share the shards, and who has which',
  description:
    'As the one that answers sees it (`self`); others may see it otherwise for a moment. A server that is alone shows itself.',
  tag: 'operation',
  access: 'affairs',
  schema: { response: { 200: clusterSchema } },
};
