import type { JSX } from 'preact';
import { addressOf } from '../app/address.js';
import { follow } from '../app/link.js';
import { grouped } from '../parts/decimal.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { useLook } from '../parts/look.js';
import { Time, timeText } from '../parts/time.js';
import type { Source } from '../source/source.js';
import { placedOn, type Restart, restartsIn } from './restart-list.js';

const LOOK_MS = 5_000;
const MOST_LISTED = 8;

/** Each time that a shard got another writer: by a start, a restart, or a take-over. */
export function Restarts({ shards }: { readonly shards: readonly number[] }): JSX.Element {
  const { value, error, again } = useLook(
    `restarts ${shards.join()}`,
    (source, { signal }) => restartsOf(source, shards, signal),
    { everyMs: LOOK_MS },
  );
  return (
    <section class="card" aria-label="Take-overs and restarts">
      <h2>Take-overs and restarts</h2>
      <div class="card-body">
        {value === undefined &&
          (error === undefined ? <Loading lines={2} /> : <Failure error={error} onAgain={again} />)}
        {value?.length === 0 && <p class="faint">No writer has begun yet.</p>}
        {value !== undefined && value.length > 0 && <Lane restarts={value} isShared={shards.length > 1} />}
      </div>
    </section>
  );
}

async function restartsOf(
  source: Source,
  shards: readonly number[],
  signal: AbortSignal | undefined,
): Promise<readonly Restart[]> {
  const isShared = shards.length > 1;
  const lines = await Promise.all(
    shards.map(async (shard) => {
      const { marks } = await source.timeline({ shard: isShared ? shard : undefined, buckets: 1, signal });
      return restartsIn(marks, shard);
    }),
  );
  return lines.flat().sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || one.shard - other.shard);
}

interface Shown {
  readonly restarts: readonly Restart[];
  readonly isShared: boolean;
}

function Lane({ restarts, isShared }: Shown): JSX.Element {
  const nowMs = Date.now();
  const listed = restarts.slice(-MOST_LISTED).reverse();
  return (
    <>
      <div class="lane" aria-hidden="true">
        {placedOn(restarts, nowMs).map(({ restart, share }) => (
          <span
            key={`${restart.shard}/${restart.position}`}
            class="lane-mark"
            style={{ left: `${share * 100}%` }}
            title={textOf(restart, isShared)}
          />
        ))}
      </div>
      <div class="lane-ends faint num" aria-hidden="true">
        <span>{timeText(restarts[0]?.at ?? '')}</span>
        <span>now</span>
      </div>
      <ol class="restarts" reversed>
        {listed.map((restart) => (
          <li key={`${restart.shard}/${restart.position}`}>
            <RestartLine restart={restart} isShared={isShared} />
          </li>
        ))}
      </ol>
      {restarts.length > listed.length && <p class="faint">And {restarts.length - listed.length} before these.</p>}
    </>
  );
}

function RestartLine({ restart, isShared }: { readonly restart: Restart; readonly isShared: boolean }): JSX.Element {
  const { shard, epoch, position, at } = restart;
  const href = addressOf('/cluster', { at: String(position), ...(isShared && { shard: String(shard) }) });
  return (
    <>
      <Time at={at} />
      <span>
        {isShared && <>shard {shard}, </>}epoch {epoch}
      </span>
      <a href={href} onClick={(event) => follow(event, href)} title="Take the page to just before it">
        position <span class="num">{grouped(position)}</span>
      </a>
    </>
  );
}

function textOf({ shard, epoch, position, at }: Restart, isShared: boolean): string {
  return `${isShared ? `Shard ${shard}, epoch` : 'Epoch'} ${epoch}: position ${position}, ${timeText(at)}`;
}
