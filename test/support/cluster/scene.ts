import { call, type HttpMember, serveMember, symbolIn } from './http-members.js';
import { TestCluster } from './members.js';

export const SHARDS = 3;
/** One instrument of each shard. */
export const symbols = Array.from({ length: SHARDS }, (_, shard) => symbolIn(shard, SHARDS));
export const listing = { tickSize: '0.01', lotSize: '1' };

interface Scene {
  readonly cluster: TestCluster;
  readonly members: readonly [HttpMember, HttpMember, HttpMember];
}

/** Three members that share three shards, with an instrument in each. */
export async function scene(): Promise<Scene> {
  const cluster = new TestCluster(SHARDS);
  const members = await Promise.all([serveMember(cluster, 'a'), serveMember(cluster, 'b'), serveMember(cluster, 'c')]);
  await cluster.ready(...members);
  for (const symbol of symbols) await call(members[0], 'PUT', `/v1/instruments/${symbol}`, listing);
  return { cluster, members };
}
