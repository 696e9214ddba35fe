import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Position } from '../../../client/types.js';
import { Link } from '../../app/link.js';
import { grouped } from '../../parts/decimal.js';
import { useRowWindow } from '../../parts/row-window.js';
import { limitWords } from '../limits/limit-words.js';
import { netLimitIn } from '../limits/limits-form.js';
import { decimalsIn, type PositionDecimals, PositionCells } from '../one/position-cells.js';
import { type Glance, useGlances } from './glances.js';
import type { PeopleRow } from './people.js';

/** As in the style sheet: some columns are left out there. */
const narrow = matchMedia('(max-width: 700px)');
const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', ({ matches }) => (isNarrow.value = matches));

const ROW_HEIGHT = 34;
/** So many rows before the last one the next page is asked for. */
const MARGIN = 100;

/** Everybody with their positions; only the rows that can be seen are in the document. */
export function PeopleTable({
  rows,
  isWhole,
  more,
}: {
  readonly rows: readonly PeopleRow[];
  readonly isWhole: boolean;
  readonly more: () => void;
}): JSX.Element {
  const { from, until, heightBefore, heightAfter, of } = useRowWindow<HTMLTableSectionElement>(rows.length, ROW_HEIGHT);
  const isWanting = !isWhole && until + MARGIN >= rows.length;
  useEffect(() => {
    if (isWanting) more();
  }, [isWanting, rows, more]);
  const shown = rows.slice(from, until);
  const glances = useGlances([...new Set(shown.map(({ person }) => person.name))]);
  const positions = shown.flatMap((row) => (row.kind === 'position' ? [positionIn(row, glances)] : []));
  const decimals = decimalsIn(positions);
  return (
    <table class="people" aria-rowcount={isWhole ? rows.length + 1 : -1}>
      <thead>
        <tr>
          <th>participant</th>
          <th class="end">net</th>
          <th class="net-bar-column" aria-hidden="true" />
          <th class="end wider">bought</th>
          <th class="end wider">sold</th>
          <th class="end">cash</th>
        </tr>
      </thead>
      <tbody ref={of}>
        {heightBefore > 0 && <tr aria-hidden="true" style={{ height: `${heightBefore}px` }} />}
        {shown.map((row) => {
          const glance = glances.get(row.person.name);
          return row.kind === 'head' ? (
            <Head key={row.person.name} row={row} glance={glance} />
          ) : (
            <Holding
              key={`${row.person.name}/${row.position.instrument}`}
              isLast={row.isLast}
              position={positionIn(row, glances)}
              glance={glance}
              decimals={decimals}
            />
          );
        })}
        {heightAfter > 0 && <tr aria-hidden="true" style={{ height: `${heightAfter}px` }} />}
      </tbody>
    </table>
  );
}

/** As it was seen last. */
function positionIn(
  { position, person }: Extract<PeopleRow, { readonly kind: 'position' }>,
  glances: ReadonlyMap<string, Glance>,
): Position {
  const seen = glances.get(person.name)?.positions;
  return seen?.find(({ instrument }) => instrument === position.instrument) ?? position;
}

function Head({
  row: {
    person: { name, positions },
  },
  glance,
}: {
  readonly row: PeopleRow;
  readonly glance: Glance | undefined;
}): JSX.Element {
  return (
    <tr class={positions.length === 0 ? 'person row last' : 'person row'}>
      <th colSpan={isNarrow.value ? 3 : 6} scope="rowgroup">
        <span class="person-head">
          <Link class="name person-name" to={`/participants/${encodeURIComponent(name)}`} title={name}>
            {name}
          </Link>
          <Marks glance={glance} />
          {positions.length === 0 && <span class="faint">no positions</span>}
          <span class="faint num person-open">{glance === undefined ? '' : openText(glance)}</span>
        </span>
      </th>
    </tr>
  );
}

function openText({ intentions, hasMore }: Glance): string {
  return intentions.length === 0 ? 'nothing open' : `${grouped(intentions.length)}${hasMore ? '+' : ''} open`;
}

/** Whether it is halted or limited, and has a switch. */
function Marks({ glance }: { readonly glance: Glance | undefined }): JSX.Element | null {
  if (glance === undefined) return null;
  const { limits = [], switch: set } = glance;
  const halted = limits.filter((each) => each.halted);
  const limited = limits.filter((each) => limitWords({ ...each, halted: false }).length > 0);
  const everywhere = halted.some(({ instrument }) => instrument === undefined);
  return (
    <>
      {halted.length > 0 && (
        <span class="tag bad">
          {everywhere ? 'halted' : `halted in ${halted.map(({ instrument }) => instrument).join(', ')}`}
        </span>
      )}
      {limited.length > 0 && (
        <span class="tag" title={limited.map((each) => textOf(each.instrument, limitWords(each))).join('\n')}>
          limits
        </span>
      )}
      {set !== undefined && (
        <span class="tag" title={`Withdraws what is open unless it is set again within ${set.withinMs} ms`}>
          switch
        </span>
      )}
    </>
  );
}

function textOf(instrument: string | undefined, words: readonly string[]): string {
  return `${instrument ?? 'Each instrument'}: ${words.join(', ')}`;
}

function Holding({
  position,
  isLast,
  glance,
  decimals,
}: {
  readonly position: Position;
  readonly isLast: boolean;
  readonly glance: Glance | undefined;
  readonly decimals: PositionDecimals;
}): JSX.Element {
  const { instrument } = position;
  const limits = glance?.limits ?? [];
  const limit = netLimitIn(limits, instrument);
  return (
    <tr class={isLast ? 'row last' : 'row'}>
      <td class="held name" title={instrument}>
        {instrument}
      </td>
      <PositionCells position={position} limit={limit} decimals={decimals} />
    </tr>
  );
}
