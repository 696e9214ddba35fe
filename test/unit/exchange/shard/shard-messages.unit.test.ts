import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDS_PER_SHARD } from '../../../../src/domain/ids.js';
import type { ShardMessage } from '../../../../src/domain/handshake/shard-message.js';
import { MessageKind } from '../../../../src/domain/negotiators/mailbox.js';
import type { Event } from '../../../../src/events/event.js';
import { ShardNetwork } from '../../../support/shards/shard-network.js';

const BUYER = IDS_PER_SHARD + 1;

function typesOf(events: readonly Event[], pattern = /Proposal|Deal/): string[] {
  return events.filter(({ type }) => pattern.test(type)).map(({ type }) => type);
}

function kindsOf(messages: readonly ShardMessage[]): number[] {
  return messages.map(({ kind }) => kind);
}

async function standing(): Promise<ShardNetwork> {
  const shards = await ShardNetwork.open();
  await shards.post(0, 'alice', 'sell', 10, 5);
  await shards.post(1, 'bob', 'buy', 11, 3);
  return shards;
}

describe('a deal between two shards', () => {
  let shards: ShardNetwork;
  beforeEach(async () => {
    shards = await standing();
  });
  afterEach(async () => {
    await shards.close();
  });

  it('A deal between two shards is settled on both sides, each in its own log, as the initiator’s log decides', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverAll();
    expect(typesOf(await shards.events(0))).toEqual(['ProposalMade', 'DealConfirmed', 'DealSettled']);
    expect(typesOf(await shards.events(1))).toEqual(['ProposalAccepted', 'DealSettled']);
    expect(await shards.events(1)).toContainEqual(
      expect.objectContaining({ type: 'DealSettled', outcome: 'confirmed', priceTicks: 10, quantityLots: 3 }),
    );
    expect(shards.reserved()).toEqual([0, 0]);
  });

  it('A deal between two shards names the other side’s participant by the number it has in the initiator’s shard', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverAll();
    const confirmed = (await shards.events(0)).find(({ type }) => type === 'DealConfirmed');
    expect(confirmed).toMatchObject({ initiatorParticipantId: 1, responderParticipantId: 2 });
    expect(shards.market(0).participantName(2)).toBe('bob');
  });

  it('A deal between two shards lets no message out before what it tells of is durable', async () => {
    shards.hold(0);
    await shards.announce(1, BUYER, 3);
    expect(shards.messages).toEqual([]);
    await shards.release(0);
    expect(kindsOf(shards.messages)).toEqual([MessageKind.Proposal]);
  });

  it('A deal between two shards comes to the same when every message arrives three times', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverAll(3);
    expect(typesOf(await shards.events(0))).toEqual(['ProposalMade', 'DealConfirmed', 'DealSettled']);
    expect(typesOf(await shards.events(1))).toEqual(['ProposalAccepted', 'DealSettled']);
  });

  it('A deal between two shards is not taken for a new one when its proposal comes again after it was settled', async () => {
    await shards.post(1, 'carol', 'buy', 10, 9);
    await shards.announce(1, BUYER + 1, 2);
    const [proposal] = shards.messages;
    await shards.deliverAll();
    if (proposal === undefined) throw new Error('nothing was proposed');
    await shards.deliver(proposal);
    expect(typesOf(await shards.events(1))).toEqual(['ProposalAccepted', 'DealSettled']);
  });

  it('A deal between two shards is declined once, and the decline said again, when its proposal to somebody with nothing left comes again', async () => {
    await shards.announce(1, BUYER, 3);
    const first = await shards.deliverNext();
    await shards.advance(1_000); // the initiator gives up, the responder is still in doubt
    await shards.announce(1, BUYER, 3);
    shards.lose(({ kind }) => kind !== MessageKind.Proposal);
    const second = await shards.deliverNext();
    await shards.deliver(second);
    expect(first.dealNumber).toBe(1);
    expect(typesOf(await shards.events(1))).toEqual(['ProposalAccepted', 'ProposalDeclined']);
    expect(kindsOf(shards.messages)).toEqual([MessageKind.Decline, MessageKind.Decline]);
  });

  it.each([{ instrument: 'OTHER' }, { side: 0 }])(
    'A deal between two shards is declined once, however often it comes, when it is not for its responder: %o',
    async (stray) => {
      await shards.announce(1, BUYER, 3);
      const [proposal] = shards.take();
      if (proposal === undefined) throw new Error('nothing was proposed');
      for (let copy = 0; copy < 3; copy++) await shards.deliver({ ...proposal, ...stray });
      const answers = (await shards.events(1)).filter(({ type }) => type.startsWith('Proposal'));
      expect(answers).toEqual([expect.objectContaining({ type: 'ProposalDeclined', reason: 'instrument' })]);
      expect(kindsOf(shards.messages)).toEqual([MessageKind.Decline, MessageKind.Decline, MessageKind.Decline]);
    },
  );

  it('A deal between two shards is aborted by the initiator’s deadline when nobody answers, and the responder learns it from the ledger alone', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverNext();
    shards.lose(() => true);
    await shards.advance(1_000);
    expect(typesOf(await shards.events(0))).toEqual(['ProposalMade', 'DealAborted', 'DealSettled']);
    shards.lose(() => true);
    await shards.advance(3_000);
    expect(typesOf(await shards.events(1))).toEqual(['ProposalAccepted', 'DealSettled']);
    expect(shards.reserved()).toEqual([0, 0]);
  });

  it('A deal between two shards stays in doubt while the ledger is silent; then the responder asks, and the initiator’s shard aborts', async () => {
    await shards.start(0, { initiatorDeadlineMs: 100_000 });
    await shards.announce(1, BUYER, 3);
    await shards.deliverNext();
    shards.lose(() => true);
    await shards.advance(3_000);
    expect(shards.reserved()).toEqual([3, 3]);
    expect(kindsOf(shards.messages)).toEqual([MessageKind.Inquiry]);
    await shards.deliverAll();
    expect(await shards.events(0)).toContainEqual(
      expect.objectContaining({ type: 'DealAborted', reason: 'responderDeadline' }),
    );
    expect(shards.reserved()).toEqual([0, 0]);
  });

  it('A deal between two shards is asked about again when the ledger could not be read', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverNext();
    shards.lose(() => true);
    shards.failLedger(new Error('the disk is away'));
    await shards.advance(3_000);
    expect(shards.reserved()).toEqual([0, 3]);
    shards.failLedger(undefined);
    await shards.advance(3_000);
    expect(shards.reserved()).toEqual([0, 0]);
  });

  it.each([0, 1])(
    'A deal between two shards goes on after shard %i was restarted in the middle of it',
    async (restarted) => {
      await shards.announce(1, BUYER, 3);
      await shards.deliverNext();
      await shards.start(restarted);
      await shards.deliverAll();
      expect(shards.reserved()).toEqual([0, 0]);
      expect(shards.market(0).dealsConfirmed).toBe(1);
    },
  );

  it('A deal between two shards holds up no arrival in either shard', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverNext();
    await shards.post(0, 'dora', 'buy', 10, 2);
    await shards.post(1, 'emil', 'sell', 12, 2);
    const typed = [await shards.events(0), await shards.events(1)].map((events) => typesOf(events, /Posted/).length);
    expect(typed).toEqual([2, 2]);
    expect([0, 1].map((index) => shards.shard(index).admission.isServing)).toEqual([true, true]);
  });

  it('A deal between two shards lets no command run while a negotiator is rebuilt that has failed at what fell due with the command', async () => {
    await shards.announce(1, BUYER, 3);
    shards.failTurns(0, 1, 1);
    shards.time.nowMs += 1_000; // the initiator's deadline has come, and no timer has run yet
    const shard = shards.shard(0);
    const states: string[] = [];
    shard.submit(
      () => {
        states.push(shard.status().state);
        return () => undefined;
      },
      () => undefined,
    );
    expect(states).toEqual([]);
    expect(await shards.post(0, 'dora', 'buy', 9, 2)).toBe(2);
    expect(states).toEqual(['serving']);
    await shards.deliverAll();
    expect(shards.reserved()).toEqual([0, 0]);
  });

  it('A deal between two shards lets neither side be replaced before it is decided', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverNext();
    const terms = { price: '10', quantity: '1' };
    const bound = { ok: false, code: 'DEAL_UNDECIDED' };
    expect(await shards.exchange(0).replace({ id: '1', participant: 'alice', ...terms })).toMatchObject(bound);
    expect(await shards.exchange(1).replace({ id: String(BUYER), participant: 'bob', ...terms })).toMatchObject(bound);
    await shards.deliverAll();
    expect(await shards.exchange(0).replace({ id: '1', participant: 'alice', ...terms })).toMatchObject({ ok: true });
  });

  it('A deal between two shards does not count for a fill-or-kill as long as its initiator is bound by it', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverNext();
    await shards.post(0, 'carol', 'sell', 11, 1);
    const terms = { instrument: 'ACME', side: 'buy', price: '11', quantity: '2', timeInForce: 'fok' } as const;
    await shards.exchange(0).post({ clientIntentionId: 'fok', participant: 'dora', ...terms });
    expect(shards.market(0).dealsConfirmed).toBe(0);
  });

  it('A deal between two shards keeps a parked responder’s reservation until the ledger has answered', async () => {
    await shards.announce(1, BUYER, 3);
    await shards.deliverNext();
    shards.failTurns(1, BUYER, 4);
    await shards.deliverAll();
    await shards.advance(60_000);
    expect(typesOf(await shards.events(1), /Aborted/)).toEqual([]);
    expect(shards.reserved()).toEqual([0, 0]);
  });
});

describe('a shard that is not the first', () => {
  it('A shard that is not the first hands out ids from its own range, and the same id for the same post, also after a restart', async () => {
    const shards = await ShardNetwork.open();
    expect(await shards.post(1, 'bob', 'buy', 11, 3, 'b-1')).toBe(BUYER);
    expect(await shards.post(1, 'bob', 'buy', 11, 3, 'b-1')).toBe(BUYER);
    await shards.start(1);
    expect(await shards.post(1, 'bob', 'buy', 11, 3, 'b-1')).toBe(BUYER);
    expect(await shards.post(1, 'bob', 'buy', 11, 3, 'b-2')).toBe(BUYER + 1);
    await shards.close();
  });

  it('A shard that is not the first knows no intention of another', async () => {
    const shards = await ShardNetwork.open();
    await shards.post(0, 'alice', 'sell', 10, 5);
    expect(await shards.exchange(1).withdraw({ id: '1', participant: 'alice' })).toMatchObject({
      code: 'UNKNOWN_INTENTION',
    });
    await shards.close();
  });
});
