import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, type Candidate, holdersOf } from '../../../../src/cluster/membership/assignment.js';

interface Scene {
  readonly shards: number;
  readonly members: readonly Candidate[];
}

/** A scene in which members have refused shards, of which they then hold none. */
const refusing = (scene: Scene): fc.Arbitrary<Scene> =>
  fc.array(fc.record({ by: fc.nat(5), shard: fc.nat(23) }), { maxLength: 40 }).map((refusals) => ({
    ...scene,
    members: scene.members.map(({ memberId, holds }, index) => {
      const own = refusals.filter(({ by }) => by % scene.members.length === index).map(({ shard }) => shard);
      const refuses = new Set(own);
      return { memberId, holds: new Map([...holds].filter(([shard]) => !refuses.has(shard))), refuses };
    }),
  }));

const scenes: fc.Arbitrary<Scene> = fc
  .record({
    shards: fc.integer({ min: 1, max: 24 }),
    ids: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
    claims: fc.array(fc.record({ by: fc.nat(5), shard: fc.nat(26), epoch: fc.nat(3) }), { maxLength: 40 }),
  })
  .map(({ shards, ids, claims }) => {
    const members = ids.map((memberId, index) => {
      const own = claims.filter(({ by }) => by % ids.length === index);
      return { memberId, holds: new Map(own.map(({ shard, epoch }) => [shard, { epoch }])) };
    });
    return { shards, members };
  });

function countsOf(owners: readonly (string | undefined)[], members: readonly Candidate[]): number[] {
  return members.map(({ memberId }) => owners.filter((owner) => owner === memberId).length);
}

/** The fewest moves that any balanced assignment takes: each keeps what it holds up to its fair share, the odd ones where they help. */
function fewestMoves({ shards, members }: Scene): number {
  const least = Math.floor(shards / members.length);
  const held = countsOf(holdersOf(shards, members), members);
  const kept = held.reduce((sum, count) => sum + Math.min(count, least), 0);
  const keptOdd = Math.min(shards % members.length, held.filter((count) => count > least).length);
  return shards - kept - keptOdd;
}

describe('the assignment of shards', () => {
  it('The assignment of shards gives every shard one owner, and no member two more than another', () => {
    fc.assert(
      fc.property(scenes, ({ shards, members }) => {
        const owners = assign(shards, members);
        expect(owners).toHaveLength(shards);
        expect(owners.every((owner) => members.some(({ memberId }) => memberId === owner))).toBe(true);
        const counts = countsOf(owners, members);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('The assignment of shards moves no more than balance takes', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const owners = assign(scene.shards, scene.members);
        const holders = holdersOf(scene.shards, scene.members);
        expect(owners.filter((owner, shard) => owner !== holders[shard])).toHaveLength(fewestMoves(scene));
      }),
    );
  });

  it('The assignment of shards changes nothing when it is applied to its own outcome', () => {
    fc.assert(
      fc.property(scenes, ({ shards, members }) => {
        const owners = assign(shards, members);
        const after = members.map(({ memberId }) => {
          const own = owners.flatMap((owner, shard) => (owner === memberId ? [shard] : []));
          return { memberId, holds: new Map(own.map((shard) => [shard, { epoch: 1 }])) };
        });
        expect(assign(shards, after)).toEqual(owners);
      }),
    );
  });

  it('The assignment of shards is the same in whatever order the members were heard of', () => {
    fc.assert(
      fc.property(scenes, fc.nat(5), ({ shards, members }, turn) => {
        const turned = [...members.slice(turn), ...members.slice(0, turn)].reverse();
        expect(assign(shards, turned)).toEqual(assign(shards, members));
      }),
    );
  });

  it('The assignment of shards gives every shard to one that has not refused it, and nobody more than balance takes or others have refused', () => {
    fc.assert(
      fc.property(scenes.chain(refusing), ({ shards, members }) => {
        const owners = assign(shards, members);
        const counts = countsOf(owners, members);
        owners.forEach((owner, shard) => {
          const open = members.filter(({ refuses }) => refuses?.has(shard) !== true);
          if (open.length === 0) expect(owner).toBeUndefined();
          else expect(open.map(({ memberId }) => memberId)).toContain(owner);
          for (const { memberId } of open) {
            const [own, other] = [owner, memberId].map(
              (id) => counts[members.findIndex((each) => each.memberId === id)],
            );
            expect((own ?? 0) - (other ?? 0)).toBeLessThanOrEqual(1);
          }
        });
      }),
    );
  });

  it('The assignment of shards changes nothing when it is applied to its own outcome, whichever members have refused which shards', () => {
    fc.assert(
      fc.property(scenes.chain(refusing), ({ shards, members }) => {
        const owners = assign(shards, members);
        const after = members.map((member) => {
          const own = owners.flatMap((owner, shard) => (owner === member.memberId ? [shard] : []));
          return { ...member, holds: new Map(own.map((shard) => [shard, { epoch: 1 }])) };
        });
        expect(assign(shards, after)).toEqual(owners);
      }),
    );
  });

  it('The assignment of shards takes the higher epoch for the holder where two claim a shard', () => {
    const claim = (memberId: string, epoch: number): Candidate => ({ memberId, holds: new Map([[0, { epoch }]]) });
    expect(holdersOf(1, [claim('a', 4), claim('b', 5)])).toEqual(['b']);
    expect(holdersOf(1, [claim('b', 4), claim('a', 4)])).toEqual(['a']);
  });

  it('The assignment of shards assigns nothing where nobody may own anything', () => {
    expect(assign(2, [])).toEqual([undefined, undefined]);
  });
});
