import { describe, expect, it } from 'vitest';
import type { IntentionAcknowledged, PostIntention } from '../../../src/client/index.js';
import { Asked } from '../../cluster-crash/checks/asked.js';
import { symbolsOf } from '../../cluster-crash/market.js';
import { type AskedJson, askedJson, askedOf } from '../../container-crash/programs/asked-json.js';

const SHARDS = 2;
const [symbol = ''] = symbolsOf(SHARDS);
const target = { id: '7', shard: 0, nextBy: 3 };

const terms = { participant: 'ann', instrument: symbol, side: 'buy', price: '10', quantity: '5' } as const;

function intention(clientIntentionId: string): PostIntention {
  return { clientIntentionId, ...terms };
}

function answerTo(clientIntentionId: string): IntentionAcknowledged {
  const taken = { id: '9', position: 12, type: 'limit', timeInForce: 'gtc', postOnly: false } as const;
  return { clientIntentionId, ...terms, ...taken, status: 'open', filled: '0', open: '5', deals: [] };
}

/** As it comes over a pipe. */
function handedOver(asked: Asked): AskedJson {
  return JSON.parse(JSON.stringify(askedJson(asked))) as AskedJson; // what was written
}

describe('what was asked, handed over as JSON', () => {
  it('What was asked and answered is the same after it has been handed over', () => {
    const asked = new Asked(SHARDS);
    const answers = asked.ofShard(0);
    answers.acknowledgePost(asked.posting(intention('a')), answerTo('a'));
    answers.refusePost(asked.posting(intention('b')));
    const change = asked.changing(target, 'reduce');
    answers.acknowledgeChange(change, { id: '7', status: 'open', open: '2', filled: '0', position: 20 });
    answers.saw(3, 'DealConfirmed');
    const again = askedOf(SHARDS, [handedOver(asked)]);
    expect(again.acknowledged).toBe(2);
    expect(again.posts.map(({ state }) => state)).toEqual(['acknowledged', 'refused']);
    expect(again.posts[0]?.answer).toEqual(answerTo('a'));
    expect(again.ofShard(0).changes).toEqual([change]);
    expect(again.ofShard(0).seen).toEqual(new Map([[3, 'DealConfirmed']]));
  });

  it('A command names the very post and the very change that the answers hold, also after it has been handed over', () => {
    const asked = new Asked(SHARDS);
    const post = asked.posting(intention('a'));
    const changes = [asked.changing(target, 'withdraw'), asked.changing(target, 'reduce')];
    const [, change] = changes;
    if (change === undefined) throw new Error('two were asked for');
    const rest = { says: '', isMisplaced: false, isWritten: true };
    asked.commands.push({ ...rest, id: '0', expected: { kind: 'post', post } });
    asked.commands.push({ ...rest, id: '1', expected: { kind: 'change', change } });
    asked.commands.push({ ...rest, id: '2', expected: { kind: 'deadLetter' } });
    const other = new Asked(SHARDS);
    other.changing(target, 'reduce');
    const again = askedOf(SHARDS, [handedOver(other), handedOver(asked)]);
    const [first, second, third] = again.commands.map(({ expected }) => expected);
    expect(first?.kind === 'post' && first.post).toBe(again.posts[0]);
    expect(second?.kind === 'change' && second.change).toBe(again.ofShard(0).changes[2]);
    expect(third).toEqual({ kind: 'deadLetter' });
  });

  it('A post that two have asked for is one, with the answer that one of them got', () => {
    const [clients, producer] = [new Asked(SHARDS), new Asked(SHARDS)];
    clients.ofShard(0).acknowledgePost(clients.posting(intention('a')), answerTo('a'));
    producer.posting(intention('a'));
    for (const parts of [
      [clients, producer],
      [producer, clients],
    ]) {
      const again = askedOf(SHARDS, parts.map(handedOver));
      expect(again.posts.map(({ state }) => state)).toEqual(['acknowledged']);
    }
  });
});
