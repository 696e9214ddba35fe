import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Side, TimeInForce } from '../../../client/types.js';
import type { InstrumentTerms } from '../../../domain/instrument.js';
import { useKeys } from '../../app/keys-help.js';
import { Choice } from '../../parts/choice.js';
import { Field } from '../../parts/field.js';
import { grouped } from '../../parts/decimal.js';
import { times } from '../../parts/exact.js';
import { chosen, type Market, mustChoose } from '../market.js';
import { checkDraft, type Draft, mayBePostOnly, timeInForceOf, timesInForce } from './draft.js';
import { OutcomeNote } from './outcome-note.js';
import { ParticipantField } from './participant-field.js';
import { SteppedField } from './stepped-field.js';
import { steppedPrice, steppedQuantity } from './terms.js';
import { usePost } from './use-post.js';

const sides = [
  { value: 'buy', text: '▲ Buy' },
  { value: 'sell', text: '▼ Sell' },
] as const;

const types = [
  { value: 'limit', text: 'Limit' },
  { value: 'market', text: 'Market' },
] as const;

/** Posts an intention, and says what came of it. */
export function PostPanel({ market }: { readonly market: Market }): JSX.Element {
  const terms = market.terms.value;
  return (
    <section class="card panel post-panel" aria-labelledby="post-title">
      <div class="card-head">
        <h2 id="post-title">Post an intention</h2>
      </div>
      {terms !== undefined && <PostForm market={market} terms={terms} />}
    </section>
  );
}

/** What is typed; the participant is the whole tab’s. */
interface Typed {
  readonly side: Signal<Side>;
  readonly type: Signal<Draft['type']>;
  readonly price: Signal<string>;
  readonly quantity: Signal<string>;
  readonly timeInForce: Signal<TimeInForce>;
  readonly expiresAt: Signal<string>;
  readonly isPostOnly: Signal<boolean>;
}

function useTyped(): Typed {
  return {
    side: useSignal<Side>('buy'),
    type: useSignal<Draft['type']>('limit'),
    price: useSignal(''),
    quantity: useSignal(''),
    timeInForce: useSignal<TimeInForce>('gtc'),
    expiresAt: useSignal(''),
    isPostOnly: useSignal(false),
  };
}

function draftOf(typed: Typed): Draft {
  return {
    participant: chosen.value,
    side: typed.side.value,
    type: typed.type.value,
    price: typed.price.value,
    quantity: typed.quantity.value,
    timeInForce: typed.timeInForce.value,
    expiresAt: typed.expiresAt.value,
    isPostOnly: typed.isPostOnly.value,
  };
}

interface PostFormProps {
  readonly market: Market;
  readonly terms: InstrumentTerms;
}

function PostForm({ market, terms }: PostFormProps): JSX.Element {
  const typed = useTyped();
  const isTried = useSignal(false);
  const posting = usePost();
  const form = useRef<HTMLFormElement>(null);
  usePicked(market, typed);
  useSideKeys(typed.side, form);
  const draft = draftOf(typed);
  const phase = market.ladder.value?.phase ?? 'continuous';
  const checked = checkDraft(draft, { terms, phase, mustName: mustChoose.value, nowMs: Date.now() });
  const errors = isTried.value && 'errors' in checked ? checked.errors : {};
  const isSent = posting.current.value.state === 'sent';
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    isTried.value = true;
    if ('errors' in checked) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    isTried.value = false;
    await posting.post(checked.post);
  };
  return (
    <form ref={form} class="form post-form" noValidate onSubmit={(event) => void submit(event)}>
      {mustChoose.value && <ParticipantField error={errors.participant} />}
      <div class="post-choices">
        <Choice label="Side" options={sides} value={typed.side} />
        <Choice label="Type" options={types} value={typed.type} />
      </div>
      <div class="post-terms">
        {draft.type === 'limit' && (
          <SteppedField
            label="Price"
            value={typed.price}
            error={errors.price}
            step={(text, by) => steppedPrice(terms, text, by)}
          />
        )}
        <SteppedField
          label="Quantity"
          value={typed.quantity}
          error={errors.quantity}
          step={(text, by) => steppedQuantity(terms, text, by)}
        />
      </div>
      <Validity typed={typed} error={errors.timeInForce} expiryError={errors.expiresAt} />
      <button type="submit" class={`submit ${draft.side}`} disabled={isSent}>
        {isSent ? 'Sending…' : submitText(draft, market.symbol)}
      </button>
      <p class="hint num post-value">{'post' in checked ? valueText(checked.post) : '\u00a0'}</p>
      <OutcomeNote posting={posting} />
    </form>
  );
}

const inForce: Readonly<Record<TimeInForce, string>> = {
  gtc: 'until it is withdrawn (gtc)',
  gtd: 'until a time (gtd)',
  ioc: 'at once, the rest withdrawn (ioc)',
  fok: 'at once and whole, or not (fok)',
};

function Validity({
  typed,
  error,
  expiryError,
}: {
  readonly typed: Typed;
  readonly error: string | undefined;
  readonly expiryError: string | undefined;
}): JSX.Element {
  const id = useId();
  const draft = draftOf(typed);
  const chosenOne = timeInForceOf(draft);
  return (
    <>
      <div class="field">
        <label htmlFor={id}>In force</label>
        <select
          id={id}
          value={chosenOne}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : `${id}-error`}
          onChange={({ currentTarget }) => (typed.timeInForce.value = currentTarget.value as TimeInForce)} // of its options
        >
          {timesInForce(draft).map((value) => (
            <option key={value} value={value}>
              {inForce[value]}
            </option>
          ))}
        </select>
        {error !== undefined && (
          <span class="error" id={`${id}-error`}>
            {error}
          </span>
        )}
      </div>
      {chosenOne === 'gtd' && (
        <Field label="Until" type="datetime-local" step={1} value={typed.expiresAt} error={expiryError} />
      )}
      <label class={`post-only ${mayBePostOnly(draft) ? '' : 'off'}`}>
        <input
          type="checkbox"
          checked={typed.isPostOnly.value && mayBePostOnly(draft)}
          disabled={!mayBePostOnly(draft)}
          onChange={({ currentTarget }) => (typed.isPostOnly.value = currentTarget.checked)}
        />
        Post only: refused if it would deal at once
      </label>
    </>
  );
}

/** Takes a price that is chosen in the ladder. */
function usePicked({ picked }: Market, { price, type }: Typed): void {
  const { value } = picked;
  useEffect(() => {
    if (value === undefined) return;
    type.value = 'limit';
    price.value = value.price;
  }, [value]);
}

/** `b` and `s` begin a buy or a sell. */
function useSideKeys(side: Signal<Side>, form: { readonly current: HTMLFormElement | null }): void {
  const begin = (of: Side): void => {
    side.value = of;
    const first = form.current?.querySelector<HTMLInputElement>('.stepped input');
    first?.focus();
    first?.select();
  };
  useKeys([
    { key: 'b', says: 'post a buy', act: () => begin('buy') },
    { key: 's', says: 'post a sell', act: () => begin('sell') },
  ]);
}

function submitText({ side, quantity, type, price }: Draft, symbol: string): string {
  const what = [side === 'buy' ? 'Buy' : 'Sell', quantity.trim(), symbol].filter((each) => each !== '').join(' ');
  if (type === 'market') return `${what} at the market`;
  return price.trim() === '' ? what : `${what} at ${price.trim()}`;
}

/** What it comes to at its limit. */
function valueText({ price, quantity }: { readonly price?: string | undefined; readonly quantity: string }): string {
  if (price === undefined) return 'At whatever price there is.';
  const [whole = '', fraction] = times(price, quantity).split('.', 2);
  return `Comes to ${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`} at its limit.`;
}
