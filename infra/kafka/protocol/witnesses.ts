/**
 * Whether a broker still leads a partition, as the others say that keep it. One that is cut off from them may have been replaced, and
 * answers as if nothing had happened: where the partition ends, it says as of then. So its word counts only with a majority of the
 * replicas, itself among them, that knows of no other leader.
 *
 * 1. A record is acknowledged once `min.insync.replicas` have it under its leader. Where that is a majority too, which Parley's topics
 *    have, nothing was acknowledged under a leader that no broker of this majority knew when it was asked.
 * 2. As few are asked as make a majority. Where one of them fails, or is silent for a moment, the next is asked too.
 */
import { LogUnreachableError } from '../../../src/log/port.js';
import { messageOf } from '../../../src/log/message-of.js';
import { withDeadline } from '../../../src/resilience/deadline.js';
import { labelOf, type PartitionName } from './requests.js';
import { KafkaCodeError } from './responses.js';

/** Brokers by their numbers. */
export interface Leadership {
  readonly place: PartitionName;
  readonly leader: number;
  readonly replicas: readonly number[];
}

/** Whom a broker takes for the leader of a partition; undefined where it is too old to say. */
export type AskLeader = (broker: number, place: PartitionName) => Promise<number | undefined>;

const SILENT_MS = 300;
/** Less than a read takes that is asked again over another connection. */
const GIVEN_UP_MS = 5_000;

interface Said {
  readonly broker: number;
  readonly leader?: number | undefined;
  readonly failure?: unknown;
}

export class Witnesses {
  /** Those that did not answer soon when they were last asked: the others are asked first. */
  private readonly silent = new Set<number>();

  constructor(private readonly askLeader: AskLeader) {}

  /**
   * Resolves once a majority agrees. Rejects with the KafkaCodeError NOT_LEADER_FOR_PARTITION where one of them knows another leader, and
   * with LogUnreachableError where too few answer.
   */
  async agree({ place, leader, replicas }: Leadership): Promise<void> {
    const left = this.inOrder(replicas.filter((broker) => broker !== leader));
    const waiting = new Map<number, Promise<Said>>();
    const askNext = (): void => {
      const broker = left.shift();
      if (broker !== undefined) waiting.set(broker, this.ask(broker, place));
    };
    const failures: unknown[] = [];
    const givenUpAtMs = performance.now() + GIVEN_UP_MS;
    for (let missing = neededFor(replicas); missing > 0;) {
      while (waiting.size < missing && left.length > 0) askNext();
      if (waiting.size === 0) throw tooFew({ place, leader, replicas }, missing, failures);
      const waitMs = left.length > 0 ? SILENT_MS : givenUpAtMs - performance.now();
      const said = await withDeadline(Promise.race(waiting.values()), waitMs, () => undefined);
      if (said === undefined) {
        for (const broker of waiting.keys()) this.silent.add(broker);
        if (left.length > 0) askNext();
        else throw tooFew({ place, leader, replicas }, missing, [...failures, `${waiting.size} do not answer`]);
        continue;
      }
      waiting.delete(said.broker);
      if (said.failure !== undefined) failures.push(said.failure);
      else if (said.leader === undefined || said.leader === leader) missing--;
      else throw replaced({ place, leader }, said.leader, said.broker);
    }
  }

  private inOrder(brokers: readonly number[]): number[] {
    return [...brokers].sort((one, other) => Number(this.silent.has(one)) - Number(this.silent.has(other)));
  }

  private async ask(broker: number, place: PartitionName): Promise<Said> {
    try {
      const leader = await this.askLeader(broker, place);
      this.silent.delete(broker);
      return { broker, leader };
    } catch (failure) {
      return { broker, failure };
    }
  }
}

/** How many besides the leader. With two replicas none: a broker that has lost the other one would never be believed again. */
function neededFor(replicas: readonly number[]): number {
  return replicas.length < 3 ? 0 : replicas.length >> 1;
}

function replaced({ place, leader }: Pick<Leadership, 'place' | 'leader'>, by: number, broker: number): KafkaCodeError {
  const says = `broker ${broker} says that ${by} leads it`;
  return new KafkaCodeError(
    'NOT_LEADER_FOR_PARTITION',
    `${labelOf(place)}: broker ${leader} answers as its leader, but ${says}`,
  );
}

function tooFew(
  { place, leader, replicas }: Leadership,
  missing: number,
  failures: readonly unknown[],
): LogUnreachableError {
  const who = `${missing} more of the ${replicas.length} brokers that keep it would have to say that ${leader} still leads it`;
  const why = failures.map(messageOf).join('; ');
  return new LogUnreachableError(`${labelOf(place)}: where it ends cannot be known; ${who}: ${why}`);
}
