import { expect, it } from 'vitest';
import type { IntentionAcknowledged, ParleyClient, PostIntention } from '../../../src/client/index.js';
import { Memory } from '../../tamper/memory.js';

const intention = (clientIntentionId: string): PostIntention => ({
  ...{ clientIntentionId, participant: 'ann', instrument: 'ACME', side: 'buy', price: '10', quantity: '1' },
});

function answer(clientIntentionId: string, id: string, position: number): IntentionAcknowledged {
  const { side, instrument, price = '', quantity } = intention(clientIntentionId);
  const terms = { participant: 'ann', instrument, side, price, quantity };
  const outcome = { status: 'open', filled: '0', open: quantity, deals: [] } as const;
  return { clientIntentionId, id, position, type: 'limit', timeInForce: 'gtc', postOnly: false, ...terms, ...outcome };
}

/** A client of an exchange that answers each post so. */
function clientThatSays(...answers: IntentionAcknowledged[]): ParleyClient {
  const postIntention = async ({ clientIntentionId }: PostIntention) =>
    answers.find((each) => each.clientIntentionId === clientIntentionId);
  return { postIntention } as unknown as ParleyClient; // all that is asked of it here
}

it('The memory of participants finds a post that is acknowledged at a position, or under an id, that another has', () => {
  const memory = new Memory();
  expect(memory.posted(intention('a'), answer('a', '1', 5))).toBeUndefined();
  expect(memory.posted(intention('b'), answer('b', '2', 5))).toContain('b is acknowledged as 2 at 5');
  expect(memory.posted(intention('c'), answer('c', '1', 9))).toContain('c is acknowledged as 1 at 9');
  expect(memory.posted(intention('a'), answer('a', '1', 5))).toBeUndefined();
});

it('The memory of participants finds an acknowledgement that is another when it is asked for again', async () => {
  const memory = new Memory();
  memory.posted(intention('a'), answer('a', '1', 5));
  expect(await memory.differences(clientThatSays(answer('a', '1', 5)))).toEqual([]);
  const [difference] = await memory.differences(clientThatSays(answer('a', '1', 7)));
  expect(difference).toContain('"position":7');
});
