import type { JSX } from 'preact';
import type { IntentionAcknowledged, PostIntention } from '../../../client/types.js';
import { presence } from '../../app/exchange.js';
import { Link } from '../../app/link.js';
import { grouped } from '../../parts/decimal.js';
import { said } from '../../parts/failure.js';
import { outcomeOf } from './outcome.js';
import type { Posting, PostState } from './use-post.js';

/** What came of the last post; its place stays, so that nothing jumps. */
export function OutcomeNote({ posting }: { readonly posting: Posting }): JSX.Element {
  const state = posting.current.value;
  return (
    <div class={`outcome ${state.state}`} role="status">
      {noteOf(state, posting)}
    </div>
  );
}

function noteOf(state: PostState, posting: Posting): JSX.Element | null {
  switch (state.state) {
    case 'idle':
      return null;
    case 'sent':
      return (
        <p>
          {presence.value === 'live'
            ? 'Sent.'
            : 'Sent, and not answered: it is asked for again, under the same id, when the exchange is back.'}
        </p>
      );
    case 'unanswered':
      return <Unanswered post={state.post} error={state.error} posting={posting} />;
    case 'answered':
      return <Answered answer={state.answer} />;
    case 'refused': {
      const { code, detail } = said(state.error);
      return (
        <p>
          <strong>Refused.</strong> {detail} <code>{code}</code>
        </p>
      );
    }
  }
}

function Unanswered({
  post,
  error,
  posting,
}: {
  readonly post: PostIntention;
  readonly error: unknown;
  readonly posting: Posting;
}): JSX.Element {
  return (
    <>
      <p>
        <strong>Not answered:</strong> {summaryOf(post)}. {error !== undefined && said(error).detail} Asked again, it is
        done once at most.
      </p>
      <div class="form-end">
        <button type="button" class="quiet" onClick={posting.forget}>
          Leave it
        </button>
        <button type="button" onClick={() => void posting.askAgain()}>
          Ask again
        </button>
      </div>
    </>
  );
}

/** `buy 40 ACME at 10.25 for alice` */
function summaryOf({ side, quantity, instrument, price, participant }: PostIntention): string {
  const whose = participant === undefined ? '' : ` for ${participant}`;
  return `${side} ${quantity} ${instrument} ${price === undefined ? 'at the market' : `at ${price}`}${whose}`;
}

const DEALS_SHOWN = 8;

function Answered({ answer }: { readonly answer: IntentionAcknowledged }): JSX.Element {
  const { kind, text } = outcomeOf(answer);
  const { id, deals, dealsLeftOut = 0 } = answer;
  const shown = deals.slice(0, DEALS_SHOWN);
  const more = deals.length - shown.length + dealsLeftOut;
  return (
    <>
      <p>
        <span class={`outcome-mark ${kind}`} aria-hidden="true">
          {kind === 'closed' ? '–' : kind === 'filled' ? '✓' : '○'}
        </span>{' '}
        {text} <Link to={`/intentions/${id}`}>Intention {id}</Link>
      </p>
      {shown.length > 0 && (
        <ul class="outcome-deals" aria-label="Its deals">
          {shown.map((deal) => (
            <li key={deal.id} class="num">
              <Link to={`/deals/${deal.id}`}>{deal.id}</Link> {deal.quantity} at {deal.price}
            </li>
          ))}
          {more > 0 && <li class="faint">and {grouped(more)} more</li>}
        </ul>
      )}
    </>
  );
}
