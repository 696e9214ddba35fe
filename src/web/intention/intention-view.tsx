import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Link } from '../app/link.js';
import { standing } from '../app/moment.js';
import type { ViewParams } from '../app/view.js';
import { ChartExport } from '../deal/chart-export.js';
import { HandshakePanel } from '../deal/handshake-panel.js';
import { CopyButton } from '../parts/copy-button.js';
import { Decimal } from '../parts/decimal.js';
import { LifeBar } from '../parts/life-bar.js';
import { lifeOf } from '../parts/life.js';
import { Loading } from '../parts/loading.js';
import { type Look, useLook } from '../parts/look.js';
import { NotFound } from '../parts/not-found.js';
import { SideTag } from '../parts/side.js';
import { Time } from '../parts/time.js';
import type { Deal, Intention } from '../../client/types.js';
import type { Chart, Why } from '../source/source.js';
import { closedBy, termsText } from './intention-words.js';
import { IntentionActs } from './intention-acts.js';
import { IntentionDeals } from './intention-deals.js';
import { WhyCard } from './why-card.js';

/** An open intention is looked at so often: its events come in bursts, and then nothing for long. */
const LOOK_MS = 1_000;

interface Found {
  readonly intention: Intention;
  readonly chart: Chart;
  readonly why: Why;
  readonly deals: readonly Deal[];
}

/** One intention: its life, why it fared as it did, and its deals. */
export default function IntentionView({ params: { id = '' } }: { readonly params: ViewParams }): JSX.Element {
  const isOpen = useSignal(true);
  const selected = useSignal<number | undefined>(undefined);
  const step = useSignal<number | undefined>(undefined);
  const { value, error, again, isStale }: Look<Found> = useLook(
    `intention ${id}`,
    async (source, asked) => {
      const [intention, chart, why, deals] = await Promise.all([
        source.intention(id, asked),
        source.intentionChart(id, asked),
        source.why(id, asked),
        source.deals({ ...asked, intention: id, limit: 1_000 }),
      ]);
      return { intention, chart, why, deals };
    },
    { ...(isOpen.value && { everyMs: LOOK_MS }) },
  );
  if (value === undefined)
    return error === undefined ? (
      <Loading />
    ) : (
      <NotFound
        title={`Intention ${id}`}
        error={error}
        onAgain={again}
        mayBeLater="it may not have been posted by then"
      />
    );
  const { intention, chart, why, deals } = value;
  isOpen.value = intention.status === 'open';
  const life = lifeOf(chart);
  return (
    <article class={isStale ? 'intention stale' : 'intention'}>
      <IntentionHead intention={intention} />
      <IntentionActs intention={intention} onDone={again} />
      <section class="card" aria-label="Life">
        <h2>Its life</h2>
        <div class="card-body">
          <LifeBar
            steps={life}
            selected={step}
            onSelect={(position) => (selected.value = chart.rows.findIndex((row) => row.position === position))}
          />
        </div>
      </section>
      <div class="intention-body">
        <WhyCard explanation={why} />
        <IntentionDeals deals={deals} intention={intention} />
      </div>
      {chart.rows.some(({ kind }) => kind === 'message') && (
        <section class="card deal-chart" aria-label="Handshakes">
          <h2>Its handshakes</h2>
          <HandshakePanel chart={chart} shard={chart.shard} selected={selected} />
          <ChartExport subject={id} />
        </section>
      )}
    </article>
  );
}

const styles = { open: 'tag alarm', filled: 'tag good', withdrawn: 'tag', expired: 'tag' } as const;

function IntentionHead({ intention }: { readonly intention: Intention }): JSX.Element {
  const { id, participant, instrument, side, status, open, filled, reserved, postedAt, postedPrice, price } = intention;
  return (
    <header class="intention-head">
      <div class="page-head">
        <h1>Intention {id}</h1>
        <span class={styles[status]}>{status}</span>
        <Link to={`/market/${encodeURIComponent(instrument)}`} class="name">
          {instrument}
        </Link>
        <CopyButton
          text={`npx parley why ${id}${standing.value === undefined ? '' : ` --at ${standing.value}`}`}
          label="Ask on the command line"
        />
      </div>
      <p class="intention-wish">
        <Link to={`/participants/${encodeURIComponent(participant)}`} class="name">
          {participant}
        </Link>{' '}
        <SideTag side={side} /> {termsText(intention)}
      </p>
      <dl class="facts">
        <div class="fact">
          <dt>Filled</dt>
          <dd>
            <Decimal value={filled} />
          </dd>
        </div>
        <div class="fact">
          <dt>Open</dt>
          <dd>
            <Decimal value={open} />
          </dd>
        </div>
        {reserved !== '0' && (
          <div class="fact">
            <dt>Reserved</dt>
            <dd>
              <Decimal value={reserved} />
            </dd>
          </div>
        )}
        {price !== undefined && (
          <div class="fact">
            <dt>Limit</dt>
            <dd>
              <Decimal value={price} />
              {postedPrice !== undefined && postedPrice !== price && <span class="faint"> was {postedPrice}</span>}
            </dd>
          </div>
        )}
        <div class="fact">
          <dt>Posted</dt>
          <dd>
            <Time at={postedAt} />
          </dd>
        </div>
        {intention.closedAt !== undefined && (
          <div class="fact">
            <dt>{closedBy(intention)}</dt>
            <dd>
              <Time at={intention.closedAt} />
            </dd>
          </div>
        )}
      </dl>
    </header>
  );
}
