import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mailbox, type Message, spoiling } from '../../../../src/domain/negotiators/mailbox.js';

const rows = fc.integer({ min: -1, max: 2 ** 30 });
const ids = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER));
const quantities = fc.integer({ min: 0, max: 0x7fff_ffff });
const messages = fc.record({
  kind: fc.nat(9),
  toId: ids,
  toRow: rows,
  fromId: ids,
  fromRow: rows,
  dealNumber: quantities,
  priceTicks: quantities,
  lots: quantities,
  participantId: quantities,
});

/** Sends a copy of a message. */
function send(mailbox: Mailbox, message: Partial<Message>): void {
  const { kind = 0, toId = 0, toRow = 0, ...rest } = message;
  mailbox.send(Object.assign(mailbox.draft(kind, toId, toRow), rest));
}

describe('the mailbox', () => {
  it('The mailbox delivers every message whole, in the order in which it was sent', () => {
    /** A message is sent, undefined takes one out. */
    const script = fc.array(fc.option(messages, { freq: 3, nil: undefined }), { maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(script, (steps) => {
        const mailbox = new Mailbox();
        const waiting: Partial<Message>[] = [];
        const deliver = (): void => {
          let got: Partial<Message> = {};
          mailbox.deliver((message) => {
            got = structuredClone(message);
          });
          expect(got).toEqual(waiting.shift());
        };
        for (const message of steps) {
          if (message !== undefined) {
            send(mailbox, message);
            waiting.push(message);
          } else if (waiting.length > 0) {
            deliver();
          }
          expect(mailbox.isEmpty).toBe(waiting.length === 0);
        }
        while (waiting.length > 0) deliver();
        expect(mailbox.isEmpty).toBe(true);
      }),
    );
  });

  it('The mailbox takes messages that are sent while another is delivered', () => {
    const mailbox = new Mailbox();
    send(mailbox, { toId: 1 });
    let delivered = 0;
    while (!mailbox.isEmpty) {
      mailbox.deliver((message) => {
        const { toId } = message;
        delivered++;
        if (toId >= 1_000) return;
        send(mailbox, { toId: toId + 1 });
        if (toId < 500) send(mailbox, { toId: 1_000 });
        expect(message.toId).toBe(toId);
      });
    }
    expect(delivered).toBe(1_499);
  });

  it('The mailbox sends nothing that was drafted and not sent', () => {
    const mailbox = new Mailbox();
    Object.assign(mailbox.draft(1, 7, 0), { fromId: 8, lots: 3 });
    expect(mailbox.isEmpty).toBe(true);
    send(mailbox, { kind: 2, toId: 9 });
    mailbox.deliver((message) => {
      expect(message).toMatchObject({ kind: 2, toId: 9, fromId: 0, lots: 0 });
    });
    expect(mailbox.isEmpty).toBe(true);
  });

  it('The mailbox spoils a message once it has been delivered, for tests, so that nobody keeps one', () => {
    expect(spoiling.isOn).toBe(true);
    const mailbox = new Mailbox();
    send(mailbox, { toId: 1 });
    let kept: Message | undefined;
    mailbox.deliver((message) => (kept = message));
    expect(kept?.toId).toBeNaN();
  });
});
