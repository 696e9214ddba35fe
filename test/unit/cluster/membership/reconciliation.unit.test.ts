import { describe, expect, it } from 'vitest';
import { type Peer, type Outlook, desiredStates } from '../../../../src/cluster/membership/reconciliation.js';

const holds = (...claims: readonly (readonly [shard: number, epoch: number])[]): Peer['holds'] =>
  new Map(claims.map(([shard, epoch]) => [shard, { epoch }]));

function outlook(fields: Partial<Outlook> = {}): Outlook {
  return {
    shards: 2,
    self: { memberId: 'a', holds: holds() },
    others: [],
    isSettled: true,
    isLeaving: false,
    ...fields,
  };
}

const b = (fields: Partial<Peer> = {}): Peer => ({
  memberId: 'b',
  holds: holds(),
  isEligible: true,
  isReady: true,
  ...fields,
});

describe('what a member does about its shards', () => {
  it('A member opens what nobody has and should be its own', () => {
    expect(desiredStates(outlook())).toEqual(['open', 'open']);
    expect(desiredStates(outlook({ others: [b()] }))).toEqual(['open', 'close']);
  });

  it('A member opens nothing before it knows who is there, and keeps what it has', () => {
    const self = { memberId: 'a', holds: holds([0, 3]) };
    expect(desiredStates(outlook({ self, isSettled: false }))).toEqual(['keep', 'keep']);
  });

  it('A member waits for a live owner to release its shard', () => {
    expect(desiredStates(outlook({ others: [b({ holds: holds([0, 1], [1, 1]) })] }))).toEqual(['close', 'keep']);
  });

  it('A member releases what a newcomer is to have, but not before the newcomer would open it', () => {
    const self = { memberId: 'a', holds: holds([0, 1], [1, 1]) };
    expect(desiredStates(outlook({ self, others: [b()] }))).toEqual(['open', 'close']);
    expect(desiredStates(outlook({ self, others: [b({ isReady: false })] }))).toEqual(['open', 'keep']);
  });

  it('A member closes what another holds under a higher epoch, settled or not', () => {
    const self = { memberId: 'a', holds: holds([0, 1]) };
    const others = [b({ holds: holds([0, 2]) })];
    expect(desiredStates(outlook({ self, others }))[0]).toBe('close');
    expect(desiredStates(outlook({ self, others, isSettled: false }))[0]).toBe('close');
  });

  it('A member opens what a live member still lists only because it has refused it, and gives up what all have refused', () => {
    const refuses = new Set([1]);
    expect(desiredStates(outlook({ others: [b({ refuses })] }))).toEqual(['close', 'open']);
    const self = { memberId: 'a', holds: holds(), refuses };
    expect(desiredStates(outlook({ self, others: [b()] }))).toEqual(['open', 'close']);
    expect(desiredStates(outlook({ self, others: [b({ refuses })] }))[1]).toBe('give up');
    expect(desiredStates(outlook({ self, isSettled: false }))[1]).toBe('keep');
  });

  it('A member closes everything when it leaves', () => {
    const self = { memberId: 'a', holds: holds([0, 1]) };
    expect(desiredStates(outlook({ self, isLeaving: true, isSettled: false }))).toEqual(['close', 'close']);
  });
});
