import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mailbox } from '../../../src/domain/mailbox.js';

type Sent = [number, number, number, number, number, number, number, number];

const rows = fc.integer({ min: -1, max: 2 ** 30 });
const ids = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER));
const quantities = fc.integer({ min: 0, max: 0x7fff_ffff });
const messages: fc.Arbitrary<Sent> = fc.tuple(fc.nat(9), ids, rows, ids, rows, quantities, quantities, quantities);

describe('the mailbox', () => {
  it('delivers every message whole, in the order in which it was sent', () => {
    /** A message is sent, undefined takes one out. */
    const script = fc.array(fc.option(messages, { freq: 3, nil: undefined }), { maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(script, (steps) => {
        const mailbox = new Mailbox();
        const waiting: Sent[] = [];
        const deliver = (): void => {
          let got: number[] = [];
          mailbox.deliver((...fields) => {
            got = fields;
          });
          expect(got).toEqual(waiting.shift());
        };
        for (const message of steps) {
          if (message !== undefined) {
            mailbox.send(...message);
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

  it('takes messages that are sent while another is delivered', () => {
    const mailbox = new Mailbox();
    mailbox.send(0, 1, 0, 0, 0, 0, 0, 0);
    let delivered = 0;
    while (!mailbox.isEmpty) {
      mailbox.deliver((_kind, toId) => {
        delivered++;
        if (toId >= 1_000) return;
        mailbox.send(0, toId + 1, 0, 0, 0, 0, 0, 0);
        if (toId < 500) mailbox.send(0, 1_000, 0, 0, 0, 0, 0, 0);
      });
    }
    expect(delivered).toBe(1_499);
  });
});
