import { expect, it } from 'vitest';
import { MemberChoice } from '../../../history/clients/member-choice.js';
import { Random } from '../../../support/random.js';

const COUNT = 3_000;

function drawn(members: number) {
  const choice = new MemberChoice(new Random(5), members);
  return Array.from({ length: COUNT }, () => choice.next());
}

it('Clients of a history ask each member about as often, at times one after the other and at times the same for a while', () => {
  const asked = drawn(3).map(({ member }) => member);
  for (const member of [0, 1, 2]) expect(asked.filter((one) => one === member).length).toBeGreaterThan(COUNT / 6);
  const changes = asked.filter((member, index) => member !== asked[index + 1]).length;
  expect(changes).toBeGreaterThan(20);
  expect(changes).toBeLessThan(COUNT / 2);
});

it('Clients of a history give up some questions early, and wait for others and for a single server as long as it takes', () => {
  const patience = drawn(3).map(({ patienceMs }) => patienceMs ?? 0);
  const early = patience.filter((ms) => ms < 5_000);
  expect(early.length).toBeGreaterThan(COUNT / 2);
  expect(patience.length - early.length).toBeGreaterThan(COUNT / 5);
  expect(Math.min(...patience.filter((ms) => ms >= 5_000))).toBeGreaterThan(20_000);
  expect(drawn(1).every(({ member, patienceMs }) => member === undefined && patienceMs === undefined)).toBe(true);
});

it('A client of a history asks other members after one that did not answer', () => {
  const choice = new MemberChoice(new Random(5), 3);
  const asked = new Set<number | undefined>();
  for (let times = 0; times < 50; times++) {
    asked.add(choice.next().member);
    choice.leave();
  }
  expect(asked.size).toBe(3);
});
