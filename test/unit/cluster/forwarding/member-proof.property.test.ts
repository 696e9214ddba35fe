import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isBodyOf,
  MemberDoor,
  MemberProver,
  type Target,
  WINDOW_MS,
} from '../../../../src/cluster/forwarding/member-proof.js';

const KEY = 'the-clusters-own-secret';
const NOW = 1_900_000_000_000;
const target: Target = { method: 'POST', path: '/v1/cluster/commands', to: 'http://10.0.0.7:7070' };
const body = Buffer.from('[{"verb":"uncross","command":{"instrument":"ACME"}}]');

const door = (startedMs = 0): MemberDoor => new MemberDoor(KEY, startedMs);
const proved = (nowMs = NOW, key = KEY) => new MemberProver(key).prove(target, body, nowMs);

/** Whether a request, as it arrives, is taken for what a member has sent. */
function isTaken(header: string, to: Target, arrived: Uint8Array, nowMs = NOW): boolean {
  const found = door().admit(header, to, nowMs);
  return typeof found !== 'string' && isBodyOf(found, arrived);
}

function withBitTurned(bytes: Uint8Array, bit: number): Buffer {
  const turned = Buffer.from(bytes);
  const at = (bit >> 3) % turned.length;
  turned.writeUInt8(turned.readUInt8(at) ^ (1 << (bit & 7)), at);
  return turned;
}

const textWithBitTurned = (text: string, bit: number): string =>
  withBitTurned(Buffer.from(text, 'latin1'), bit).toString('latin1');

describe('what a member sends', () => {
  it('What a member sends is taken as it was sent, and in no other form: no bit of it may differ', () => {
    const { header } = proved();
    expect(isTaken(header, target, body)).toBe(true);
    const parts = ['header', 'method', 'path', 'to', 'body'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.nat(), (part, bit) => {
        const turned = (name: (typeof parts)[number], text: string) =>
          name === part ? textWithBitTurned(text, bit) : text;
        const { method, path, to } = target;
        const arrived = {
          method: turned('method', method),
          path: turned('path', path),
          to: turned('to', to),
        };
        const bytes = part === 'body' ? withBitTurned(body, bit) : body;
        expect(isTaken(turned('header', header), arrived, bytes)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('What a member sends cannot be read in another way: nothing moves from one part into the next', () => {
    const { header } = proved();
    for (const other of [
      { ...target, method: 'POST\n/v1', path: '/cluster/commands' },
      { ...target, path: '/v1/cluster/commands\nhttp:', to: '//10.0.0.7:7070' },
    ]) {
      expect(isTaken(header, other, body)).toBe(false);
    }
  });

  it('What a member sends is not taken from one who has another secret', () => {
    fc.assert(
      fc.property(
        fc.string().filter((key) => key !== KEY),
        (key) => {
          expect(isTaken(proved(NOW, key).header, target, body)).toBe(false);
        },
      ),
    );
  });

  it('What a member sends is taken within the window of time, on either side, and not beyond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3 * WINDOW_MS, max: 3 * WINDOW_MS }), (offMs) => {
        const { header } = proved(NOW + offMs);
        expect(isTaken(header, target, body)).toBe(Math.abs(offMs) <= WINDOW_MS);
      }),
    );
  });

  it('What a member sends is taken once, at whatever times it is sent again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -WINDOW_MS, max: WINDOW_MS }),
        fc.array(fc.nat(3 * WINDOW_MS), { maxLength: 20 }),
        (offMs, waits) => {
          const at = door();
          const { header } = proved(NOW + offMs);
          expect(at.admit(header, target, NOW)).toBeTypeOf('object');
          let nowMs = NOW;
          for (const wait of waits) {
            nowMs += wait;
            expect(at.admit(header, target, nowMs)).toBeTypeOf('string');
            // Others come too, of whom it makes room.
            expect(at.admit(proved(nowMs).header, target, nowMs)).toBeTypeOf('object');
          }
        },
      ),
    );
  });

  it('What a member sends is not taken after a later one on the same way', () => {
    const at = door();
    const prover = new MemberProver(KEY);
    const [first, second, third] = [1, 2, 3].map(() => prover.prove(target, body, NOW).header);
    const taken = [second, first, third, third].map((header) => typeof at.admit(header, target, NOW) === 'object');
    expect(taken).toEqual([true, false, true, false]);
  });

  it('What a member sends is not taken from before the start of this process', () => {
    const { header } = proved(NOW - 1);
    expect(door(NOW).admit(header, target, NOW)).toContain('before this process was started');
    expect(door(NOW - 1).admit(header, target, NOW)).toBeTypeOf('object');
  });

  it.each([undefined, '', 'the-clusters-own-secret', '1', '2 '.repeat(5), ['1', '2']])(
    'What a member sends is not taken with the header %j',
    (header) => {
      expect(door().admit(header, target, NOW)).toContain('members of the cluster');
    },
  );
});

describe('what a member answers', () => {
  it('What a member answers is believed as the answer to that request, and in no other form', () => {
    const prover = new MemberProver(KEY);
    const { header, mac } = prover.prove(target, body, NOW);
    const at = door();
    const admitted = at.admit(header, target, NOW);
    if (typeof admitted === 'string') throw new Error(admitted);
    const answer = Buffer.from('[{"ok":true}]');
    const proof = at.proveAnswer(admitted, 200, answer);
    expect(prover.isAnswer(mac, 200, answer, proof)).toBe(true);
    const another = prover.prove(target, body, NOW).mac;
    expect(prover.isAnswer(another, 200, answer, proof)).toBe(false);
    expect(prover.isAnswer(mac, 201, answer, proof)).toBe(false);
    expect(prover.isAnswer(mac, 200, answer, undefined)).toBe(false);
    fc.assert(
      fc.property(fc.nat(), (bit) => {
        expect(prover.isAnswer(mac, 200, withBitTurned(answer, bit), proof)).toBe(false);
        expect(prover.isAnswer(mac, 200, answer, textWithBitTurned(proof, bit))).toBe(false);
      }),
    );
  });

  it('What a member answers is not believed with letters in its proof that take more bytes than one', () => {
    const prover = new MemberProver(KEY);
    const { mac } = prover.prove(target, body, NOW);
    expect(prover.isAnswer(mac, 200, body, 'ä'.repeat(64))).toBe(false);
  });
});
