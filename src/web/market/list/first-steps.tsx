import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Link } from '../../app/link.js';
import { isLive, source, stand } from '../../app/moment.js';
import { head } from '../../app/exchange.js';
import { may } from '../../app/session.js';
import { useLook } from '../../parts/look.js';

const KEPT_AS = 'parley-first-steps';
const LOOK_MS = 5_000;
/** So far back in the log that something has happened since, and not so far that nothing had. */
const BACK_EVENTS = 300;

const isDismissed = signal(localStorage.getItem(KEPT_AS) === 'done');

/** For whoever is here for the first time: what a deal is here, that time can be turned back, and how to take part. */
export function FirstSteps({ symbol }: { readonly symbol: string }): JSX.Element | null {
  const isShown = !isDismissed.value && isLive.value && source.value.kind === 'server' && may.seeAll.value;
  const { value: deals = [] } = useLook('latest deal', (from, { signal }) => from.deals({ limit: 1, signal }), {
    everyMs: LOOK_MS,
    isWanted: isShown,
  });
  const [latest] = deals;
  if (!isShown || latest === undefined) return null;
  const dismiss = (): void => {
    localStorage.setItem(KEPT_AS, 'done');
    isDismissed.value = true;
  };
  return (
    <section class="first-steps" aria-labelledby="first-steps-title">
      <div class="first-steps-head">
        <h2 id="first-steps-title">New here?</h2>
        <button type="button" class="quiet" onClick={dismiss}>
          Do not show this again
        </button>
      </div>
      <ol>
        <li class="card">
          <h3>See a deal being negotiated</h3>
          <p>
            Every intention has a negotiator of its own. Two of them propose, accept and confirm: a handshake, each step
            an event in the log.
          </p>
          <Link to={`/deals/${latest.id}?play`} class="button">
            Watch deal {latest.id}
          </Link>
        </li>
        <li class="card">
          <h3>Go back in time</h3>
          <p>
            The line above is the whole log. Drag it, and everything on the page is as it was then; <kbd>[</kbd> and{' '}
            <kbd>]</kbd> take a step.
          </p>
          <button type="button" onClick={() => stand(Math.max(0, (head.peek() ?? 0) - BACK_EVENTS))}>
            A few moments ago
          </button>
        </li>
        <li class="card">
          <h3>Trade</h3>
          <p>
            Post an intention to buy or to sell. You are told at once what it dealt, at which price, and you can read
            why.
          </p>
          <Link to={`/market/${encodeURIComponent(symbol)}`} class="button">
            Open {symbol}
          </Link>
        </li>
      </ol>
    </section>
  );
}
