import type { JSX } from 'preact';
import type { Cluster } from '../../client/cluster-types.js';
import { presence } from '../app/exchange.js';
import { isLive, source } from '../app/moment.js';
import { may } from '../app/session.js';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { FigureTiles } from './figure-tiles.js';
import { useHistory } from './history.js';
import { MemberTable } from './member-table.js';
import { usePolled } from './polled.js';
import { Restarts } from './restarts.js';
import { ShardTable } from './shard-table.js';

/** Who has which shard, how the server that answers is doing, and when writers changed. */
export default function ClusterView(): JSX.Element {
  return source.value.kind === 'file' ? (
    <Empty title="A file has no cluster">It is a log alone: no server writes it or answers for it.</Empty>
  ) : (
    <OfServer />
  );
}

function OfServer(): JSX.Element {
  const { value: cluster, error } = usePolled((from, signal) => from.client.cluster({ signal }));
  const isMeasured = may.seeAll.value;
  const { history, error: unmeasured } = useHistory(isMeasured);
  if (cluster === undefined) return error === undefined ? <Loading /> : <Failure error={error} />;
  const isShared = cluster.members.length > 1;
  return (
    <div class={presence.value === 'live' ? 'cluster' : 'cluster stale'}>
      <div class="page-head">
        <h1>Cluster</h1>
        <p class="lead">{leadOf(cluster)}</p>
      </div>
      {!isLive.value && (
        <p class="cluster-now" role="note">
          What is here is of now, wherever the page stands: how processes did in the past is in no log. When writers
          began is.
        </p>
      )}
      <div class="cluster-tables">
        <ShardTable cluster={cluster} history={isMeasured ? history : undefined} />
        <div class="cluster-column">
          {isShared && <MemberTable cluster={cluster} />}
          <Restarts shards={cluster.shards.map(({ shard }) => shard)} />
        </div>
      </div>
      {isMeasured ? (
        <>
          {isShared && (
            <p class="lead cluster-of">
              Measured at <strong class="name">{cluster.self}</strong>, which answers here; the last two minutes.
            </p>
          )}
          {unmeasured !== undefined && presence.value === 'live' && <Failure error={unmeasured} />}
          <FigureTiles history={history} />
        </>
      ) : (
        <p class="lead">How the server does in numbers is shown with the key of an operator or auditor.</p>
      )}
    </div>
  );
}

function leadOf({ members, shards, self }: Cluster): JSX.Element {
  const serving = shards.filter(({ state }) => state === 'serving').length;
  const all = shards.length === 1 ? 'the one shard' : `${shards.length} shards`;
  const state = serving === shards.length ? '' : ` ${serving} of ${shards.length} take commands.`;
  if (members.length <= 1)
    return (
      <>
        One server, alone, has {all}.{state}
      </>
    );
  return (
    <>
      {members.filter(({ state: each }) => each !== 'gone').length} members share {all};{' '}
      <span class="name">{self}</span> answers here.{state}
    </>
  );
}
