import type { Message } from '../../../src/domain/negotiators/mailbox.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';

/** The events that a negotiator records in a turn; besides, it sends messages. */
const recorded = [
  'proposalMade',
  'proposalAccepted',
  'proposalDeclined',
  'dealConfirmed',
  'dealAborted',
  'dealSettled',
] as const;

/** What a shard is opened with in whose handshakes something goes wrong: a fused one has no points at which it could. */
export const byMessages = { fusesHandshakes: false } as const;

function expectMessages({ turns }: Shard): void {
  if (turns.fusesHandshakes) throw new Error('this shard fuses handshakes: open it with `byMessages`');
}

type Method = (...parameters: never[]) => unknown;

/** Wraps a method of one object. */
export function around(
  target: object,
  name: string,
  carryOut: (call: () => unknown, parameters: readonly unknown[]) => unknown,
): void {
  const original = Reflect.get(target, name) as Method; // the callers name methods
  Reflect.set(target, name, (...parameters: never[]) => carryOut(() => original.apply(target, parameters), parameters));
}

/** Where within the turns of negotiators something goes wrong. */
export interface Fault {
  /** Points passed so far: one before and one after everything that a negotiator records or sends. */
  passed: number;
  /** Where it was, in words. */
  readonly at: string[];
}

/** Makes those negotiators throw that come to one of these points, counted from 0 on, once each. */
export function failAt(shard: Shard, points: readonly number[]): Fault {
  return failWhen(shard, (point) => points.includes(point));
}

/** Makes negotiators throw at each point, counted from 0 on, for which this says so when they come to it. */
export function failWhen(shard: Shard, isFailing: (point: number) => boolean): Fault {
  expectMessages(shard);
  const fault: Fault = { passed: 0, at: [] };
  let inTurn = false;
  const pass = (where: string): void => {
    if (!inTurn || !isFailing(fault.passed++)) return;
    fault.at.push(where);
    throw new Error(`made to fail ${where}`);
  };
  const { mailbox, recorder } = shard.turns;
  around(shard.turns, 'receive', (call) => {
    inTurn = true;
    try {
      return call();
    } finally {
      inTurn = false;
    }
  });
  const watch = (target: object, name: string): void => {
    around(target, name, (call) => {
      pass(`before ${name}`);
      const result = call();
      pass(`after ${name}`);
      return result;
    });
  };
  for (const name of recorded) watch(recorder, name);
  watch(mailbox, 'send');
  return fault;
}

/** Loses the first message of a kind. */
export function lose(shard: Shard, kind: number): void {
  expectMessages(shard);
  let isLost = false;
  around(shard.turns.mailbox, 'send', (call, [message]) => {
    if (isLost || (message as Message).kind !== kind) return call();
    isLost = true;
    return undefined;
  });
}
