import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { addressOf, go, goWith, query } from '../app/address.js';
import { Link } from '../app/link.js';
import { isLive, source } from '../app/moment.js';
import { caller } from '../app/session.js';
import { grouped } from '../parts/decimal.js';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { PeopleTable } from './all/people-table.js';
import { useRoll } from './all/use-roll.js';
import { ParticipantPage } from './one/participant-page.js';

/** Everybody; with a participant’s own key, that participant alone. */
export default function ParticipantsView(): JSX.Element {
  const { role, participant } = caller.value ?? {};
  return source.value.kind === 'server' && role === 'participant' && participant !== undefined ? (
    <ParticipantPage name={participant} />
  ) : (
    <Everybody />
  );
}

function Everybody(): JSX.Element {
  const { people, isWhole, isStale, error, more, again } = useRoll();
  const text = query.value.get('find') ?? '';
  const rows = useMemo(() => people?.rows(text) ?? [], [people, people?.revision, text]);
  const typed = text.trim();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const found = people?.has(typed) === true ? typed : (rows[0]?.person.name ?? typed);
    if (found !== '') go(addressOf(`/participants/${encodeURIComponent(found)}`));
  };
  return (
    <div class={isStale ? 'everybody stale' : 'everybody'}>
      <form class="page-head" onSubmit={submit}>
        <h1>Participants</h1>
        {people !== undefined && (
          <span class="lead num">
            {grouped(people.count)}
            {isWhole ? '' : ' so far'}
          </span>
        )}
        <input
          type="search"
          class="find"
          aria-label="Find a participant by its name"
          placeholder="Find by name"
          autocomplete="off"
          value={text}
          onInput={({ currentTarget: { value } }) =>
            goWith({ find: value === '' ? undefined : value }, { replace: true })
          }
        />
      </form>
      {error !== undefined && <Failure error={error} onAgain={again} />}
      {people === undefined && error === undefined && <Loading lines={10} />}
      {people !== undefined && (rows.length > 0 || !isWhole) && (
        <div class="card">
          <PeopleTable rows={rows} isWhole={isWhole} more={more} />
        </div>
      )}
      {people !== undefined && rows.length === 0 && isWhole && <Nobody typed={typed} />}
      {people !== undefined && !isWhole && <p class="faint everybody-more">More are on their way…</p>}
    </div>
  );
}

function Nobody({ typed }: { readonly typed: string }): JSX.Element {
  if (typed === '')
    return (
      <Empty title={isLive.value ? 'Nobody has traded yet' : 'Nobody had traded by then'}>
        Whoever has a position, something open or limits is listed here.
      </Empty>
    );
  return (
    <Empty title="Nobody’s name has that in it">
      Who has neither positions nor anything open nor limits is not listed:{' '}
      <Link to={`/participants/${encodeURIComponent(typed)}`}>
        look at <span class="name">{typed}</span>
      </Link>
      .
    </Empty>
  );
}
