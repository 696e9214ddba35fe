import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isOfFile } from '../app/address.js';
import { Link } from '../app/link.js';
import { isLive, shard, standing } from '../app/moment.js';
import { caller, may } from '../app/session.js';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { LogLink } from '../parts/log-link.js';
import { useLook } from '../parts/look.js';
import { spanText } from '../parts/span.js';
import type { Doubt as DoubtView } from '../source/source.js';
import { settledLately } from './settled.js';
import { SettledList } from './settled-list.js';
import { waitingWords } from './waiting-words.js';

const LOOK_MS = 1_000;
const LOOK_BACK_MS = 15_000;

/** Promises without a decision, and those that took longer than usual to get one. */
export default function DoubtsView(): JSX.Element {
  const isHidden = !isOfFile.value && caller.value !== undefined && !may.seeAll.value;
  if (isHidden) {
    return (
      <Empty title="Promises in doubt are everybody’s">
        Only operators and auditors see them. What your own intentions hold back for a deal is told with each of them.
      </Empty>
    );
  }
  return (
    <div class="doubts">
      <div class="page-head">
        <h1>In doubt</h1>
        <p class="lead">
          A promise that has no decision yet holds lots back on one side or both. Within a shard that lasts
          microseconds; what is listed here has lasted longer, and says who has the next word.
        </p>
      </div>
      <Now />
      <Lately />
    </div>
  );
}

function Now(): JSX.Element {
  const look = useLook('doubts', (source, asked) => source.doubts(asked), { everyMs: LOOK_MS });
  const { value, error, again, isStale } = look;
  if (value === undefined)
    return error === undefined ? <Loading lines={3} /> : <Failure error={error} onAgain={again} />;
  if (value.length === 0) return <NoDoubts />;
  return (
    <ul class={`doubt-list ${isStale ? 'stale' : ''}`} aria-label="Promises without a decision">
      {value.map((doubt) => (
        <Doubt key={`${doubt.deal} ${doubt.state}`} doubt={doubt} />
      ))}
    </ul>
  );
}

function NoDoubts(): JSX.Element {
  return (
    <div class="card doubt-none">
      <Handshake />
      <div>
        <h2>{isLive.value ? 'Nothing is in doubt' : 'Nothing was in doubt at this moment'}</h2>
        <p class="faint">
          Every promise has its decision. A deal is in doubt from its proposal until the initiator’s decision stands in
          the log. Should a process die in between, the next start takes the handshake up where it stopped, and none of
          the two sides decides on its own meanwhile.
        </p>
      </div>
    </div>
  );
}

/** The handshake’s four steps: the third is where doubt ends. */
function Handshake(): JSX.Element {
  return (
    <svg class="doubt-figure" viewBox="0 0 132 96" width="132" height="96" aria-hidden="true">
      <path class="lane" d="M22 10V90M110 10V90" />
      <path class="held" d="M22 26V66M110 44V66" />
      <path class="arrow" d="M22 24H104M110 44H28M98 19l8 5-8 5M34 39l-8 5 8 5" />
      <path class="decided" d="M12 66H120" />
      <text x="66" y="84">
        decision
      </text>
    </svg>
  );
}

function Doubt({ doubt }: { readonly doubt: DoubtView }): JSX.Element {
  const { next, nextRole, waits, waitsRole, settles } = waitingWords(doubt);
  const { deal, instrument, quantity, price, state, position, shard } = doubt;
  return (
    <li class="card doubt">
      <div class="doubt-age">
        <Age doubt={doubt} />
        <span class={`tag ${state === 'accepted' ? 'alarm' : ''}`}>{state}</span>
      </div>
      <div>
        <h2>
          <Link to={`/deals/${deal}`}>Deal {deal}</Link>: <span class="num">{quantity}</span>{' '}
          <Link to={`/market/${encodeURIComponent(instrument)}`} class="name">
            {instrument}
          </Link>{' '}
          at <span class="num">{price}</span>
        </h2>
        <p>
          The {waitsRole}, <Link to={`/intentions/${waits}`}>intention {waits}</Link>, waits for the {nextRole},{' '}
          <Link to={`/intentions/${next}`}>intention {next}</Link>. <span class="faint">{settles}</span>
        </p>
        <p class="faint">
          Promised at position <LogLink position={position} shard={shard} />
        </p>
      </div>
    </li>
  );
}

/** Ticks between two looks; of a moment that is past it is as old as it was then. */
function Age({ doubt: { ageMs } }: { readonly doubt: DoubtView }): JSX.Element {
  const [, setTick] = useState(0);
  const heard = useRef({ ageMs, atMs: Date.now() });
  if (heard.current.ageMs !== ageMs) heard.current = { ageMs, atMs: Date.now() };
  const ticks = isLive.value && !isOfFile.value;
  useEffect(() => {
    if (!ticks) return undefined;
    const timer = setInterval(() => setTick((count) => count + 1), 100);
    return () => clearInterval(timer);
  }, [ticks]);
  const shown = ticks ? ageMs + Date.now() - heard.current.atMs : ageMs;
  return <strong class="num">{spanText(shown)}</strong>;
}

function Lately(): JSX.Element {
  const ofShard = shard.value;
  const at = standing.value;
  const look = useLook(
    `settled ${ofShard ?? ''}`,
    async (source, { signal }) => {
      const { position } = await source.moment({ shard: ofShard, at, signal });
      return settledLately(source, { shard: ofShard, end: position, signal });
    },
    { everyMs: LOOK_BACK_MS },
  );
  const { value, error, again } = look;
  return (
    <section class="doubt-lately" aria-labelledby="lately">
      <h2 id="lately">Settled otherwise than by the next word</h2>
      {value === undefined && error === undefined && <Loading lines={3} />}
      {error !== undefined && value === undefined && <Failure error={error} onAgain={again} />}
      {value !== undefined && <SettledList lately={value} />}
    </section>
  );
}
