import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { query } from '../app/address.js';
import { Link } from '../app/link.js';
import { standing } from '../app/moment.js';
import type { ViewParams } from '../app/view.js';
import { CopyButton } from '../parts/copy-button.js';
import { Decimal } from '../parts/decimal.js';
import { Loading } from '../parts/loading.js';
import { useLook } from '../parts/look.js';
import { NotFound } from '../parts/not-found.js';
import { PositionLink } from '../parts/position-link.js';
import { Time } from '../parts/time.js';
import type { Chart, Source } from '../source/source.js';
import type { AbortedDeal, Deal } from '../../client/types.js';
import { ChartExport } from './chart-export.js';
import { HandshakePanel } from './handshake-panel.js';
import { RawEvents } from './raw-events.js';

/** How often a deal that is not decided yet is looked at. */
const UNDECIDED_LOOK_MS = 1_000;

/** One deal: how its two negotiators came to it, and what the log has of it. */
export default function DealView({ params: { id = '' } }: { readonly params: ViewParams }): JSX.Element {
  const isOpen = useSignal(true);
  const selected = useSignal<number | undefined>(undefined);
  const { value, error, again, isStale } = useLook(`deal ${id}`, (source, asked) => found(source, id, asked), {
    ...(isOpen.value && { everyMs: UNDECIDED_LOOK_MS }),
  });
  if (value === undefined)
    return error === undefined ? (
      <Loading />
    ) : (
      <NotFound title={`Deal ${id}`} error={error} onAgain={again} mayBeLater="it may not have been proposed by then" />
    );
  const { chart, deal } = value;
  isOpen.value = chart.outcome === 'open';
  return (
    <article class={isStale ? 'deal stale' : 'deal'}>
      <DealHead id={id} chart={chart} deal={deal} />
      <div class="deal-body">
        <section class="card deal-chart" aria-label="Handshake">
          <HandshakePanel chart={chart} shard={chart.shard} selected={selected} isPlayed={query.value.has('play')} />
          <ChartExport subject={id} />
        </section>
        <RawEvents chart={chart} selected={selected} />
      </div>
    </article>
  );
}

interface Found {
  readonly chart: Chart;
  /** Undefined while it is not decided. */
  readonly deal: Deal | AbortedDeal | undefined;
}

async function found(source: Source, id: string, asked: Parameters<Source['deal']>[1]): Promise<Found> {
  const chart = await source.dealChart(id, asked);
  return { chart, deal: chart.outcome === 'open' ? undefined : await source.deal(id, asked) };
}

const outcomes = {
  confirmed: { text: 'confirmed', style: 'good' },
  aborted: { text: 'aborted', style: 'bad' },
  open: { text: 'in doubt', style: 'alarm' },
} as const;

function DealHead({ id, chart, deal }: Found & { readonly id: string }): JSX.Element {
  const { text, style } = outcomes[chart.outcome ?? 'open'];
  return (
    <header class="deal-head">
      <div class="page-head">
        <h1>Deal {id}</h1>
        <span class={`tag ${style}`}>{text}</span>
        <Link to={`/market/${encodeURIComponent(chart.instrument)}`} class="name">
          {chart.instrument}
        </Link>
        <CopyButton text={commandOf(id)} label="Ask on the command line" />
      </div>
      <dl class="facts">
        {deal?.outcome === 'confirmed' && (
          <div class="fact large">
            <dt>Dealt</dt>
            <dd>
              <Decimal value={deal.quantity} /> <span class="faint">at</span> <Decimal value={deal.price} />
            </dd>
          </div>
        )}
        {chart.lifelines.map(({ intention, participant, side, terms }) =>
          intention === undefined ? null : (
            <div key={intention} class="fact">
              <dt>
                {intention === chart.intention ? 'Initiator, stood' : 'Responder, arrived'}
                {side !== undefined && ` · ${side === 'buy' ? 'buys' : 'sells'}`}
              </dt>
              <dd>
                {participant !== undefined && (
                  <Link to={`/participants/${encodeURIComponent(participant)}`} class="name">
                    {participant}
                  </Link>
                )}{' '}
                <Link to={`/intentions/${intention}`} title={terms}>
                  intention {intention}
                </Link>
              </dd>
            </div>
          ),
        )}
        {deal !== undefined && (
          <div class="fact">
            <dt>Decided at</dt>
            <dd>
              <PositionLink position={deal.position} shard={deal.shard} /> <Time at={deal.at} />
            </dd>
          </div>
        )}
        {deal?.outcome === 'aborted' && (
          <div class="fact">
            <dt>Why not</dt>
            <dd>{reasons[deal.reason]}</dd>
          </div>
        )}
      </dl>
    </header>
  );
}

const reasons: Readonly<Record<AbortedDeal['reason'], string>> = {
  declined: 'the responder declined',
  initiatorDeadline: 'no answer came in time',
  responderDeadline: 'no decision came in time',
  parked: 'a side was parked',
  recovery: 'a restart found no other side',
};

function commandOf(id: string): string {
  const at = standing.value;
  return `npx parley chart ${id}${at === undefined ? '' : ` --at ${at}`}`;
}
