import type { JSX } from 'preact';
import { follow, Link } from '../../app/link.js';
import { addressAt } from '../../app/address.js';
import { grouped } from '../../parts/decimal.js';
import type { RecordedEvent } from '../../../client/types.js';
import type { LogRow } from '../reading/log-window.js';
import { jsonOf } from '../reading/export.js';
import { eventOf, type LogNames } from '../telling/names.js';
import { sentenceOf } from '../telling/sentences.js';
import { clockText } from '../telling/clock-text.js';
import { EventJson } from './event-json.js';
import { SentenceText } from './sentence-text.js';

interface RowProps {
  readonly row: LogRow;
  readonly names: LogNames;
  readonly isOpen: boolean;
  /** It is what was asked for. */
  readonly isMarked: boolean;
  readonly onToggle: (position: number) => void;
}

/** An event in a line, and opened as JSON. A batch’s end is a thin rule. */
export function EventRow(props: RowProps): JSX.Element {
  const { row, isOpen, isMarked, onToggle } = props;
  const { event, isUnsure } = row;
  const classes = ['log-row', familyOf(event), isOpen && 'open', isMarked && 'marked', isUnsure && 'unsure'];
  return (
    <li class={classes.filter(Boolean).join(' ')}>
      {/* For the mouse alone: by keyboard it is the type’s button. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div class="log-line" onClick={(click) => isPlain(click) && onToggle(event.position)}>
        <Position position={event.position} />
        <At event={event} />
        <Toggle event={event} isOpen={isOpen} onToggle={onToggle} />
        <Stream stream={event.stream} />
        <span class="log-says" title={isUnsure ? UNSURE : undefined}>
          <SentenceText sentence={sentenceOf(event, props.names)} />
          {isUnsure && <span class="unseen"> ({UNSURE})</span>}
        </span>
      </div>
      {isOpen && <EventJson event={jsonOf(event)} />}
    </li>
  );
}

const UNSURE = 'Whether the filter shows it is not known yet';

/** The line opens what is in it, but where something of its own is pressed, or a text is being chosen. */
function isPlain(click: MouseEvent): boolean {
  const isOwn = click.target instanceof Element && click.target.closest('a, button') !== null;
  return !isOwn && (getSelection()?.isCollapsed ?? true);
}

/** What a row is coloured by; its type says it in words. */
export function familyOf({ type }: RecordedEvent): string {
  if (type === 'BatchSealed') return 'seal';
  if (type === 'DealConfirmed') return 'confirmed';
  if (type === 'DealAborted' || type === 'PostRefused' || type === 'LossAccepted') return 'aborted';
  if (/^Proposal|^DealSettled/.test(type)) return 'handshake';
  return type.startsWith('Intention') ? 'intention' : 'shard';
}

function Position({ position }: { readonly position: number }): JSX.Element {
  const to = addressAt(position + 1);
  return (
    <a
      class="log-position num"
      href={to}
      title="Stand right after this event"
      aria-label={`Position ${position}: stand right after it`}
      onClick={(event) => follow(event, to)}
    >
      {grouped(position)}
    </a>
  );
}

function At({ event }: { readonly event: RecordedEvent }): JSX.Element {
  const { atMs } = event;
  if (typeof atMs !== 'number') return <span class="log-at" />;
  const date = new Date(atMs);
  const whole = Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  return (
    <time class="log-at num" dateTime={whole} title={whole}>
      {clockText(atMs)}
    </time>
  );
}

function Toggle({
  event,
  isOpen,
  onToggle,
}: Pick<RowProps, 'isOpen' | 'onToggle'> & { readonly event: RecordedEvent }) {
  return (
    <button
      type="button"
      class="log-type"
      aria-expanded={isOpen}
      aria-label={`${event.type} at ${event.position}, as JSON`}
      onClick={() => onToggle(event.position)}
    >
      <span class="log-mark" aria-hidden="true" />
      {event.type}
    </button>
  );
}

function Stream({ stream }: { readonly stream: string }): JSX.Element {
  const [, kind = '', id = ''] = /^(intention|deal)-(.+)$/.exec(stream) ?? [];
  if (kind === '') return <span class="log-stream faint">{stream}</span>;
  return (
    <Link class="log-stream num" to={`/${kind}s/${id}`}>
      {kind} {id}
    </Link>
  );
}

/** How high a row is, in pixels, as the style sheet has it. */
export function rowHeight({ event }: LogRow, isOpen: boolean, isNarrow: boolean): number {
  const closed = isNarrow ? NARROW_HEIGHT : HEIGHT;
  const own = event.type === 'BatchSealed' ? SEAL_HEIGHT : closed;
  return isOpen ? own + jsonHeight(eventOf(event)) : own;
}

const HEIGHT = 30;
const NARROW_HEIGHT = 66;
const SEAL_HEIGHT = 22;
const JSON_LINE = 18;
const JSON_EXTRA = 24;

function jsonHeight(event: object): number {
  const fields = Object.keys(event).filter((name) => name !== 'channel').length;
  return (fields + 2) * JSON_LINE + JSON_EXTRA;
}
