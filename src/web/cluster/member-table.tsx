import type { JSX } from 'preact';
import type { Cluster } from '../../client/cluster-types.js';
import { spanText } from '../parts/span.js';
import { Time } from '../parts/time.js';
import { Wide } from '../parts/wide.js';

const looks = { serving: 'good', joining: 'alarm', leaving: 'alarm', gone: 'bad' } as const;

/** The processes that share the shards, as the one that answers sees them. */
export function MemberTable({ cluster: { members, self } }: { readonly cluster: Cluster }): JSX.Element {
  return (
    <section class="card" aria-label="Members">
      <h2>Members</h2>
      <Wide label="Members as a table">
        <table class="members">
          <thead>
            <tr>
              <th>member</th>
              <th>state</th>
              <th class="end">shards</th>
              <th class="end">heard</th>
              <th class="end">since</th>
            </tr>
          </thead>
          <tbody>
            {members.map(({ member, url, state, shards, seenMsAgo, since }) => (
              <tr key={member}>
                <th scope="row">
                  <span class="name">{member}</span>{' '}
                  {member === self ? <span class="faint">answers here</span> : <span class="faint name">{url}</span>}
                </th>
                <td>
                  <span class={`tag ${looks[state]}`}>{state}</span>
                </td>
                <td class="end num">{shards}</td>
                <td class="end num">{member === self ? '–' : seenText(seenMsAgo)}</td>
                <td class="end">
                  <Time at={since} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function seenText(msAgo: number): string {
  return msAgo < 1_000 ? 'now' : `${spanText(msAgo)} ago`;
}
