import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { PartitionName } from '../../../../../infra/kafka/protocol/requests.js';
import { Witnesses } from '../../../../../infra/kafka/protocol/witnesses.js';
import { LogUnreachableError } from '../../../../../src/log/port.js';
import { PATIENCE_MS } from '../../../../support/patience.js';

const place = { topic: 'market.events', partition: 3 };
const never = new Promise<never>(() => undefined);

/** What each broker answers. */
let answers: Map<number, () => Promise<number | undefined>>;
const askLeader = vi.fn((broker: number, _place: PartitionName) => answers.get(broker)?.() ?? never);
let witnesses: Witnesses;

beforeEach(() => {
  answers = new Map();
  askLeader.mockClear();
  witnesses = new Witnesses(askLeader);
});

const says = (leader: number | undefined) => () => Promise.resolve(leader);
const fails = () => Promise.reject(new Error('nobody listens there'));
const agree = (replicas: readonly number[]) => witnesses.agree({ place, leader: 1, replicas });
const asked = () => askLeader.mock.calls.map(([broker]) => broker);

it.each([[[1]], [[2, 1]]])(
  'A leader that keeps a partition alone, or with one other, needs no witness (%j)',
  async (replicas) => {
    await agree(replicas);
    expect(asked()).toEqual([]);
  },
);

it.each([
  { replicas: [1, 2, 3], needed: 1 },
  { replicas: [4, 3, 1, 2], needed: 2 },
  { replicas: [1, 2, 3, 4, 5], needed: 2 },
])('A leader is believed with a majority of the replicas, and no more of them are asked ($replicas)', async (of) => {
  for (const broker of of.replicas) answers.set(broker, says(1));
  await agree(of.replicas);
  expect(asked()).toHaveLength(of.needed);
  expect(asked()).not.toContain(1);
});

it('A leader is not believed where one witness knows another leader, whatever the others say', async () => {
  answers.set(2, says(1)).set(3, says(4));
  await expect(agree([1, 2, 3, 4, 5])).rejects.toMatchObject({
    type: 'NOT_LEADER_FOR_PARTITION',
    message: 'market.events[3]: broker 1 answers as its leader, but broker 3 says that 4 leads it',
  });
});

it('A leader is believed with another witness where the first one fails, or is silent', async () => {
  answers.set(2, fails).set(3, says(1));
  await agree([1, 2, 3]);
  answers.set(2, () => never);
  await agree([1, 2, 3]);
  expect(asked()).toEqual([2, 3, 2, 3]);
});

it('A witness that was silent is asked last from then on, until it answers', async () => {
  let answer = (_leader: number): void => undefined;
  answers.set(2, () => new Promise((resolve) => (answer = resolve))).set(3, says(1));
  await agree([1, 2, 3]);
  answers.set(2, says(1));
  askLeader.mockClear();
  await agree([1, 2, 3]);
  expect(asked()).toEqual([3]);
  answer(1);
  await new Promise((resolve) => setImmediate(resolve));
  await agree([1, 2, 3]);
  expect(asked()).toEqual([3, 2]);
});

it('A leader is not believed where too few witnesses can be asked, and it says why', async () => {
  answers.set(2, fails).set(3, fails);
  const outcome = agree([1, 2, 3]);
  await expect(outcome).rejects.toThrow(LogUnreachableError);
  await expect(outcome).rejects.toThrow(
    'market.events[3]: where it ends cannot be known; 1 more of the 3 brokers that keep it would have to say that 1 still leads it: nobody listens there; nobody listens there',
  );
});

it('A leader is not believed where no witness answers, however long', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const outcome = expect(agree([1, 2, 3])).rejects.toThrow(/would have to say that 1 still leads it: 2 do not answer$/);
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  await outcome;
});

it('A witness that is too old to say who leads is no reason for disbelief', async () => {
  answers.set(2, says(undefined));
  await agree([1, 2, 3]);
});
