import type { JSX } from 'preact';
import { isOfFile } from '../app/address.js';
import { server } from '../app/exchange.js';
import { source } from '../app/moment.js';
import { caller, may } from '../app/session.js';
import { Empty } from '../parts/empty.js';
import { Loading } from '../parts/loading.js';
import { useLook } from '../parts/look.js';
import { ShardAudit } from './shard-audit.js';
import { runOf, startAudit } from './audit-runs.js';

/** Audits the log here, in the browser: nothing of what the server concludes is taken for granted, only the events that it sends. */
export default function AuditView(): JSX.Element {
  const isHidden = !isOfFile.value && caller.value !== undefined && !may.seeAll.value;
  if (isHidden) {
    return (
      <Empty title="An audit needs the whole log">
        It works out from every event what should have happened, so only operators and auditors can run it.
      </Empty>
    );
  }
  return (
    <div class="audit">
      <div class="page-head">
        <h1>Audit</h1>
        <p class="lead">
          Reads {isOfFile.value ? 'the file' : 'the log'} from its first event, and works out for itself what should
          have happened: every promise, deal, price, queue and digest. It runs in this browser and takes nothing for
          granted but the events{isOfFile.value ? ' themselves' : ', as this server sends them'}.
        </p>
      </div>
      {isOfFile.value ? <ShardAudit shard={undefined} isNamed={false} /> : <Shards />}
    </div>
  );
}

function Shards(): JSX.Element {
  // Who may not look at the cluster audits the one shard that is asked of first.
  const { value, isLoading } = useLook('shards', async (_, { signal }) => {
    const { shards } = await server.value.client.cluster({ signal });
    return shards.map(({ shard }) => shard);
  });
  if (value === undefined && isLoading) return <Loading lines={3} />;
  const shards = value ?? [];
  if (shards.length <= 1) return <ShardAudit shard={undefined} isNamed={false} />;
  return (
    <>
      <div class="audit-all">
        <button type="button" class="primary" onClick={() => void auditAll(shards)} disabled={isAnyRunning(shards)}>
          Audit all {shards.length} shards
        </button>
      </div>
      {shards.map((shard) => (
        <ShardAudit key={shard} shard={shard} isNamed />
      ))}
    </>
  );
}

function isAnyRunning(shards: readonly number[]): boolean {
  return shards.map((shard) => runOf(source.value, shard).value?.state === 'running').includes(true);
}

/** One after the other: each takes a processor for itself. */
async function auditAll(shards: readonly number[]): Promise<void> {
  const of = source.value;
  for (const shard of shards) {
    await startAudit(of, shard);
    if (runOf(of, shard).value?.state === 'stopped') return;
  }
}
