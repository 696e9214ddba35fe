import type { JSX } from 'preact';
import type { Cluster, ClusterShard } from '../../client/cluster-types.js';
import { grouped } from '../parts/decimal.js';
import { Time } from '../parts/time.js';
import { type History, shardRate } from './figures.js';
import { samplesOf } from './metrics.js';
import { numberText } from './number-text.js';
import { Wide } from '../parts/wide.js';

const looks = { serving: 'good', opening: 'alarm', stopped: 'bad', unowned: 'bad' } as const;
const says = {
  serving: 'It takes commands.',
  opening: 'Its owner reads its log, and takes commands when it has.',
  stopped: 'It takes no commands.',
  unowned: 'Nobody has it: it takes no commands until a member takes it over.',
} as const;

/** Who has which shard, and how far its log is. */
export function ShardTable({
  cluster,
  history,
}: {
  readonly cluster: Cluster;
  readonly history: History | undefined;
}): JSX.Element {
  const isShared = cluster.members.length > 1;
  const columns = isShared ? 7 : 6;
  return (
    <section class="card" aria-label="Shards">
      <h2>Shards</h2>
      <Wide label="Shards as a table">
        <table class="shards">
          <thead>
            <tr>
              <th>shard</th>
              <th>state</th>
              {isShared && <th>owner</th>}
              <th class="end">epoch</th>
              <th class="end">head</th>
              <th class="end">lag</th>
              <th class="end wider">since</th>
            </tr>
          </thead>
          {cluster.shards.map((shard) => (
            <tbody key={shard.shard}>
              <ShardRow shard={shard} self={isShared ? cluster.self : undefined} history={history} />
              <Reasons shard={shard} columns={columns} />
            </tbody>
          ))}
        </table>
      </Wide>
    </section>
  );
}

function ShardRow({
  shard: { shard, state, owner, epoch, position, since },
  self,
  history,
}: {
  readonly shard: ClusterShard;
  /** Where the shards are shared. */
  readonly self: string | undefined;
  readonly history: History | undefined;
}): JSX.Element {
  return (
    <tr>
      <th scope="row" class="num">
        {shard}
      </th>
      <td>
        <span class={`tag ${looks[state]}`} title={says[state]}>
          {state}
        </span>
      </td>
      {self !== undefined && (
        <td>
          <span class="name">{owner ?? '–'}</span> {owner === self && <span class="faint">(here)</span>}
        </td>
      )}
      <td class="end num">{epoch ?? '–'}</td>
      <td class="end num">
        {position === undefined ? '–' : grouped(position)} <Pace history={history} shard={shard} />
      </td>
      <td class="end num">
        <Lag history={history} shard={shard} />
      </td>
      <td class="end wider">
        <Time at={since} />
      </td>
    </tr>
  );
}

interface OfShard {
  readonly history: History | undefined;
  readonly shard: number;
}

function Pace({ history, shard }: OfShard): JSX.Element | null {
  const rate = history && shardRate(history, shard);
  return rate === undefined ? null : <span class="faint pace">+{numberText(rate)}/s</span>;
}

function Lag({ history, shard }: OfShard): JSX.Element {
  const metrics = history?.recent.at(-1)?.metrics;
  const [sample] =
    metrics === undefined ? [] : samplesOf(metrics, 'parley_projection_lag_events', { shard: String(shard) });
  return <>{sample === undefined ? '–' : grouped(sample.value)}</>;
}

/** Why it does not serve, in its own words, and who will not open it. */
function Reasons({ shard, columns }: { readonly shard: ClusterShard; readonly columns: number }): JSX.Element | null {
  const { reason, refusals = [], state } = shard;
  if (reason === undefined && refusals.length === 0) return null;
  return (
    <tr>
      <td colSpan={columns} class="reasons">
        {reason !== undefined && (
          <p class={state === 'serving' ? 'faint' : ''}>
            {state === 'serving' ? 'Before: ' : ''}
            {reason}
          </p>
        )}
        {refusals.map(({ member, reason: why }) => (
          <p key={member}>
            <span class="name">{member}</span> will not open it before it is started again: {why}
          </p>
        ))}
      </td>
    </tr>
  );
}
