/**
 * Brings requests to the owners of their shards, in this process or in another member, also when a shard changes its owner meanwhile.
 *
 * 1. A request whose shard has no owner just now waits for one, for `waitMs` at most, and is then refused with SHARD_UNAVAILABLE.
 * 2. What was certainly not carried out is sent again. What may have been is sent again only where doing it twice does no more than
 *    once (a post, by its client id); for all else the answer says that the outcome is unknown.
 * 3. Requests for one shard that are handed over one after the other are carried out in that order, as long as its owner stays.
 */
import { refuse } from '../../exchange/commands.js';
import { execute } from './execution.js';
import type { ClusterMember, Owner } from '../membership/member.js';
import { type Delivery, Remote } from './remote.js';
import { type CarriedAnswer, type ClusterAnswer, type ClusterRequest, isRead, isRepeatable } from './requests.js';
import { UnderWay } from './under-way.js';

export interface RequestForwarderOptions {
  readonly member: ClusterMember;
  /** The secret that the members share. */
  readonly key?: string | undefined;
  /** How long a request waits for an owner of its shard. 10,000 unless said otherwise. */
  readonly waitMs?: number | undefined;
}

const WAIT_MS = 10_000;
/** How soon it is looked again where nothing says that anything has changed. */
const LOOK_AGAIN_MS = 100;

const UNKNOWN =
  'the owner of the shard failed or did not answer; whether this was carried out is unknown: look before you send it again';

interface Remotes {
  readonly commands: Remote;
  readonly reads: Remote;
}

export class RequestForwarder {
  /** How many requests were handed on to other members. */
  forwarded = 0;
  private readonly member: ClusterMember;
  private readonly waitMs: number;
  private readonly remotes = new Map<string, Remotes>();
  private readonly endListening: () => void;
  private readonly changeWaiters = new Set<() => void>();
  private readonly underWay = new UnderWay();
  private isClosed = false;

  constructor(private readonly options: RequestForwarderOptions) {
    this.member = options.member;
    this.waitMs = options.waitMs ?? WAIT_MS;
    this.endListening = this.member.onChange(() => this.onChange());
  }

  /** So much is under way that producers should pause. */
  get isCongested(): boolean {
    return this.underWay.isCongested;
  }

  drained(): Promise<void> {
    return this.underWay.drained();
  }

  /** What waits is refused, what is under way has an unknown outcome. */
  close(): void {
    this.isClosed = true;
    this.endListening();
    for (const url of [...this.remotes.keys()]) this.forget(url);
    this.wakeAll();
  }

  /** Carries requests for one shard, and answers them in their order. Never rejects for reasons of the way. */
  async carry(shard: number, requests: readonly ClusterRequest[]): Promise<readonly CarriedAnswer[]> {
    const untilMs = performance.now() + this.waitMs;
    const answers: (CarriedAnswer | undefined)[] = requests.map(() => undefined);
    let left = requests.map((request, index) => ({ request, index }));
    this.underWay.begin(requests.length);
    try {
      for (;;) {
        const deliveries = await this.deliver(
          shard,
          left.map(({ request }) => request),
        );
        const isOver = this.isClosed || performance.now() >= untilMs;
        left = left.filter(({ request, index }, at) => {
          answers[index] = answerTo(request, deliveries[at], isOver);
          return answers[index] === undefined;
        });
        if (left.length === 0) return answers.map((answer) => answer ?? refuse('SHARD_UNAVAILABLE'));
        await this.change();
      }
    } finally {
      this.underWay.end(requests.length);
    }
  }

  /** One try. What is handed over here has been handed over when this returns, so that the order is the caller's. */
  private deliver(shard: number, requests: readonly ClusterRequest[]): Promise<readonly Delivery[]> {
    if (this.member.local(shard) !== undefined) return this.deliverHere(requests);
    const owner = this.member.ownerOf(shard);
    if (owner === undefined) {
      const why = `nobody serves shard ${shard} just now`;
      return Promise.resolve(requests.map(() => ({ kind: 'absent', why })));
    }
    const { commands, reads } = this.remotesOf(owner);
    this.forwarded += requests.length;
    return Promise.all(requests.map((request) => (isRead(request) ? reads : commands).send(request)));
  }

  private async deliverHere(requests: readonly ClusterRequest[]): Promise<readonly Delivery[]> {
    const answers = await execute(this.member, requests);
    return answers.map((answer) => ({ kind: 'answered', answer }));
  }

  private remotesOf({ url }: Owner): Remotes {
    const known = this.remotes.get(url);
    if (known !== undefined) return known;
    const options = { url, key: this.options.key, timeoutMs: this.waitMs };
    const made = { commands: new Remote(options), reads: new Remote(options) };
    this.remotes.set(url, made);
    return made;
  }

  /** Resolves when who serves what may have changed, and after a while in any case. */
  private change(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.changeWaiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, LOOK_AGAIN_MS);
      this.changeWaiters.add(wake);
    });
  }

  private onChange(): void {
    const alive = new Set(this.member.others().flatMap(({ report, isAlive }) => (isAlive ? [report.url] : [])));
    // The answers of one that is gone may never come; who has its shards now can say what is in their logs.
    for (const url of [...this.remotes.keys()]) if (!alive.has(url)) this.forget(url);
    this.wakeAll();
  }

  private forget(url: string): void {
    const remotes = this.remotes.get(url);
    this.remotes.delete(url);
    remotes?.commands.close();
    remotes?.reads.close();
  }

  private wakeAll(): void {
    for (const wake of [...this.changeWaiters]) wake();
  }
}

/** The answer to a request; undefined when it is to be sent again. */
function answerTo(request: ClusterRequest, delivery: Delivery | undefined, isOver: boolean): CarriedAnswer | undefined {
  const { isUnknown, why } = failureOf(delivery);
  if (why === undefined)
    return delivery?.kind === 'answered' && isCarried(delivery.answer) ? delivery.answer : undefined;
  if (isUnknown && (isOver || !isRepeatable(request))) return refuse('SHARD_UNAVAILABLE', `${UNKNOWN} (${why})`);
  if (!isOver) return undefined;
  return refuse('SHARD_UNAVAILABLE', `the shard cannot be reached: ${why}; nothing was carried out, try again shortly`);
}

/** Why a request was not answered; without a reason it was. */
function failureOf(delivery: Delivery | undefined): { readonly isUnknown: boolean; readonly why: string | undefined } {
  if (delivery === undefined) return { isUnknown: true, why: 'there was no answer' };
  if (delivery.kind !== 'answered') return { isUnknown: delivery.kind === 'unknown', why: delivery.why };
  const { answer } = delivery;
  if (!isCarried(answer)) return { isUnknown: false, why: answer.detail };
  // An exchange that took it and then lost its log answers so, and knows no more.
  if (!answer.ok && answer.code === 'SHARD_UNAVAILABLE') return { isUnknown: true, why: answer.detail };
  return { isUnknown: false, why: undefined };
}

function isCarried(answer: ClusterAnswer): answer is CarriedAnswer {
  return answer.ok || answer.code !== 'NOT_OWNER';
}
