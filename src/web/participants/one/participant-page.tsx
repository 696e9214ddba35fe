import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { presence } from '../../app/exchange.js';
import { isLive, source } from '../../app/moment.js';
import { may } from '../../app/session.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { HaltDialog } from '../limits/halt-dialog.js';
import { LimitsDialog } from '../limits/limits-dialog.js';
import { isHalted } from '../limits/limits-form.js';
import { LimitsList } from '../limits/limits-list.js';
import { TakeOffDialog } from '../limits/take-off-dialog.js';
import type { Affairs } from './affairs.js';
import { DealsCard } from './deals-card.js';
import { IntentionsCard } from './intentions-card.js';
import { PositionsCard } from './positions-card.js';
import { SwitchState } from './switch-state.js';
import { useAffairs } from './use-affairs.js';

/** Which dialog is open, and of which instrument; undefined: each. */
type Asking =
  { readonly about: 'halt' } | { readonly about: 'limits' | 'takeOff'; readonly instrument: string | undefined };

/** All affairs of a participant, as they change. */
export function ParticipantPage({ name }: { readonly name: string }): JSX.Element {
  const { value, error, again, isStale } = useAffairs(name);
  const mayOperate = may.operate.value && isLive.value && source.value.kind === 'server' && presence.value === 'live';
  return (
    <article class={isStale ? 'participant stale' : 'participant'} aria-label={name}>
      {value === undefined ? (
        <>
          <h1 class="name">{name}</h1>
          {error === undefined ? <Loading /> : <Failure error={error} onAgain={again} />}
        </>
      ) : (
        <>
          {error !== undefined && <Failure error={error} onAgain={again} />}
          <Whole affairs={value} mayOperate={mayOperate} />
        </>
      )}
    </article>
  );
}

function Whole({ affairs, mayOperate }: { readonly affairs: Affairs; readonly mayOperate: boolean }): JSX.Element {
  const asking = useSignal<Asking | undefined>(undefined);
  const answer = useSignal('');
  const { participant, limits, intentions, hasMore, positions, deals } = affairs;
  const done = (said?: string): void => {
    asking.value = undefined;
    if (said !== undefined) answer.value = said;
  };
  const ask = (next: Asking): void => {
    answer.value = '';
    asking.value = next;
  };
  const isNothing = positions.length === 0 && intentions.length === 0 && deals.length === 0;
  return (
    <>
      <div class="page-head participant-head">
        <h1 class="name">{participant}</h1>
        {limits !== undefined && isHalted(limits) && <span class="tag bad">halted</span>}
        {isNothing && (
          <span class="lead">
            Nothing is known of it{isLive.value ? '' : ' at that moment'}: it has posted nothing that stands, and has
            not dealt.
          </span>
        )}
        <span class="answer" role="status">
          {answer.value}
        </span>
        {mayOperate && limits !== undefined && (
          <span class="participant-acts">
            <button type="button" class={isHalted(limits) ? '' : 'danger'} onClick={() => ask({ about: 'halt' })}>
              {isHalted(limits) ? 'Let it go on…' : 'Halt…'}
            </button>
            <button type="button" onClick={() => ask({ about: 'limits', instrument: undefined })}>
              Set limits…
            </button>
          </span>
        )}
      </div>
      <div class="participant-cards">
        <div class="participant-column">
          <PositionsCard positions={positions} limits={limits} />
          <IntentionsCard intentions={intentions} hasMore={hasMore} />
        </div>
        <div class="participant-column">
          <Guards affairs={affairs} onAsk={mayOperate ? ask : undefined} />
          <DealsCard deals={deals} />
        </div>
      </div>
      {mayOperate && limits !== undefined && asking.value !== undefined && (
        <Dialogs asking={asking.value} participant={participant} limits={limits} onDone={done} />
      )}
    </>
  );
}

/** Its limits and its switch; where they cannot be told, that. */
function Guards({
  affairs: { limits, switch: state },
  onAsk,
}: {
  readonly affairs: Affairs;
  readonly onAsk: ((asking: Asking) => void) | undefined;
}): JSX.Element {
  if (limits === undefined)
    return (
      <section class="card guards" aria-label="Limits and switch">
        <h2>Limits and switch</h2>
        <p class="card-body faint">
          They are told as they are now, and not as they were. When they were set stands in the log: LimitsSet and
          SwitchSet.
        </p>
      </section>
    );
  return (
    <section class="card guards" aria-label="Limits and switch">
      <h2>Limits</h2>
      <div class="card-body">
        <LimitsList
          limits={limits}
          {...(onAsk !== undefined && {
            onChange: (instrument) => onAsk({ about: 'limits', instrument }),
            onTakeOff: (instrument) => onAsk({ about: 'takeOff', instrument }),
          })}
        />
      </div>
      <h2>Dead man’s switch</h2>
      <div class="card-body">
        <SwitchState state={state} />
      </div>
    </section>
  );
}

function Dialogs({
  asking,
  ...props
}: {
  readonly asking: Asking;
  readonly participant: string;
  readonly limits: NonNullable<Affairs['limits']>;
  readonly onDone: (answer?: string) => void;
}): JSX.Element {
  switch (asking.about) {
    case 'halt':
      return <HaltDialog {...props} />;
    case 'limits':
      return <LimitsDialog {...props} instrument={asking.instrument} />;
    case 'takeOff':
      return <TakeOffDialog {...props} instrument={asking.instrument} />;
  }
}
