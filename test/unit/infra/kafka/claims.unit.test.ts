import { describe, expect, it } from 'vitest';
import { type Claim, evidenceOf } from '../../../../infra/kafka/claims.js';
import { topicNames } from '../../../../infra/kafka/topics/topic-names.js';

const names = topicNames('market');
const old: Claim = { shard: 1, epoch: 3, owner: 'host:7', atMs: 0 };
const source = 'the claim of epoch 3 in market.claims[1], by host:7,';

describe('what a claim knows of its log', () => {
  it('What a claim knows of its log is that there is a first event, where it is of a version that did not say more', () => {
    expect(evidenceOf(old, names, 'id')).toEqual({ source, position: 1, digest: undefined, missing: undefined });
  });

  it('What a claim knows of its log is the position and the digest that it names, and nothing of the digest where the log was empty', () => {
    expect(evidenceOf({ ...old, head: 9, digest: 'abc' }, names, 'id')).toMatchObject({ position: 9, digest: 'abc' });
    expect(evidenceOf({ ...old, head: 0, digest: '' }, names, 'id')).toMatchObject({ position: 0, digest: undefined });
  });

  it('What a claim knows of its log is which topic there was, as far as both it and the brokers say', () => {
    const claim = { ...old, head: 0, digest: '', topicId: 'before' };
    expect(evidenceOf(claim, names, 'now').missing).toBe('a topic market.events with the id before');
    for (const id of ['before', undefined]) expect(evidenceOf(claim, names, id).missing).toBeUndefined();
  });
});
