/**
 * The exchange as any member shows it: every command goes to the owner of its shard, in this process or in another.
 *
 * 1. A command whose shard has no owner just now waits for one, for `waitMs` at most, and is then refused with SHARD_UNAVAILABLE.
 * 2. What was certainly not carried out is sent again. What may have been is sent again only where doing it twice does no more than
 *    once (a post, by its client id); for all else the answer says that the outcome is unknown.
 * 3. Commands for one shard that are handed over one after the other are carried out in that order, as long as its owner stays.
 */
import {
  type Answer,
  type AuctionResult,
  type BookView,
  type ChangePhase,
  type InstrumentView,
  type IntentionAcknowledged,
  type IntentionChanged,
  type ListInstrument,
  type PostIntention,
  type ReduceIntention,
  type ReplaceIntention,
  refuse,
  type ShardStatus,
  type Uncross,
  type WithdrawIntention,
} from '../exchange/commands.js';
import { type Awaitable, type ExchangePort, ShardUnavailableError } from '../exchange/port.js';
import { execute } from './execution.js';
import type { ClusterMember, Owner } from './member.js';
import { type Delivery, Remote } from './remote.js';
import {
  type ClusterAnswer,
  type ClusterAnswers,
  type ClusterCommands,
  type ClusterRequest,
  type ClusterVerb,
  isRead,
  isRepeatable,
  shardOfRequest,
} from './requests.js';
import { shardOfSymbol } from './shard-of.js';

export interface ClusterExchangeOptions {
  readonly member: ClusterMember;
  /** The secret that the members share. */
  readonly key?: string | undefined;
  /** How long a command waits for an owner of its shard. 10,000 unless said otherwise. */
  readonly waitMs?: number | undefined;
}

const WAIT_MS = 10_000;
/** How soon it is looked again where nothing says that anything has changed. */
const LOOK_AGAIN_MS = 100;
const MOST_UNDER_WAY = 20_000;

const UNKNOWN =
  'the owner of the shard failed or did not answer; whether this was carried out is unknown: look before you send it again';

interface Remotes {
  readonly commands: Remote;
  readonly reads: Remote;
}

export class ClusterExchange implements ExchangePort {
  /** How many commands were handed on to other members. */
  forwarded = 0;
  private readonly member: ClusterMember;
  private readonly remotes = new Map<string, Remotes>();
  private readonly endListening: () => void;
  private readonly drainWaiters: (() => void)[] = [];
  private readonly changeWaiters = new Set<() => void>();
  private underWay = 0;
  private isClosed = false;

  constructor(private readonly options: ClusterExchangeOptions) {
    this.member = options.member;
    this.endListening = this.member.onChange(() => {
      this.onChange();
    });
  }

  async post(command: PostIntention): Promise<Answer<IntentionAcknowledged>> {
    const shard = shardOfSymbol(command.instrument, this.member.shards);
    const local = this.member.local(shard);
    if (local === undefined) return this.ask('post', command);
    const answer = await local.post(command);
    return answer.ok || answer.code !== 'SHARD_UNAVAILABLE' ? answer : this.ask('post', command);
  }

  async postAll(commands: readonly PostIntention[]): Promise<readonly Answer<IntentionAcknowledged>[]> {
    const groups = new Map<number, { readonly indices: number[]; readonly commands: PostIntention[] }>();
    commands.forEach((command, index) => {
      const shard = shardOfSymbol(command.instrument, this.member.shards);
      const group = groups.get(shard) ?? { indices: [], commands: [] };
      groups.set(shard, group);
      group.indices.push(index);
      group.commands.push(command);
    });
    const answers: Answer<IntentionAcknowledged>[] = [];
    const place = async (
      shard: number,
      { indices, commands: some }: { indices: number[]; commands: PostIntention[] },
    ) => {
      const given = await this.postTo(shard, some);
      indices.forEach((index, at) => (answers[index] = given[at] ?? refuse('SHARD_UNAVAILABLE')));
    };
    await Promise.all([...groups].map(([shard, group]) => place(shard, group)));
    return answers;
  }

  private async postTo(
    shard: number,
    commands: readonly PostIntention[],
  ): Promise<readonly Answer<IntentionAcknowledged>[]> {
    const local = this.member.local(shard);
    if (local !== undefined) {
      const answers = await local.postAll(commands);
      if (answers.every((answer) => answer.ok || answer.code !== 'SHARD_UNAVAILABLE')) return answers;
    }
    const again = await this.carry(
      shard,
      commands.map((command) => ({ verb: 'post', command })),
    );
    return again as readonly Answer<IntentionAcknowledged>[]; // a post is answered as a post
  }

  withdraw(command: WithdrawIntention): Promise<Answer<IntentionChanged>> {
    return this.ask('withdraw', command);
  }

  reduce(command: ReduceIntention): Promise<Answer<IntentionChanged>> {
    return this.ask('reduce', command);
  }

  replace(command: ReplaceIntention): Promise<Answer<IntentionChanged>> {
    return this.ask('replace', command);
  }

  list(command: ListInstrument): Promise<Answer<InstrumentView>> {
    return this.ask('list', command);
  }

  changePhase(command: ChangePhase): Promise<Answer<InstrumentView>> {
    return this.ask('changePhase', command);
  }

  uncross(command: Uncross): Promise<Answer<AuctionResult>> {
    return this.ask('uncross', command);
  }

  async instruments(): Promise<readonly InstrumentView[]> {
    const shards = Array.from({ length: this.member.shards }, (_, shard) => shard);
    const answers = await Promise.all(shards.map((shard) => this.ask('instruments', { shard })));
    return answers.flatMap((answer) => mustBe(answer).views);
  }

  instrument(symbol: string): Awaitable<InstrumentView | undefined> {
    const local = this.member.local(shardOfSymbol(symbol, this.member.shards));
    if (local !== undefined) return local.instrument(symbol);
    return this.ask('instrument', { instrument: symbol }).then((answer) => mustBe(answer).view);
  }

  book(symbol: string, depth: number): Awaitable<BookView | undefined> {
    const local = this.member.local(shardOfSymbol(symbol, this.member.shards));
    if (local !== undefined) return local.book(symbol, depth);
    return this.ask('book', { instrument: symbol, depth }).then((answer) => mustBe(answer).view);
  }

  shards(): readonly ShardStatus[] {
    return this.member.host.statuses();
  }

  /** Carries out what another member asks, on the shards of this process alone. */
  execute(requests: readonly ClusterRequest[]): Promise<readonly ClusterAnswer[]> {
    return execute(this.member, requests);
  }

  get congested(): boolean {
    return this.underWay > MOST_UNDER_WAY || this.member.host.exchanges().some(({ congested }) => congested);
  }

  async drained(): Promise<void> {
    await Promise.all(this.member.host.exchanges().map((exchange) => exchange.drained()));
    if (this.underWay > MOST_UNDER_WAY) await new Promise<void>((resolve) => this.drainWaiters.push(resolve));
  }

  /** Leaves the cluster: its shards are closed in order, for others to open at once. Once is enough. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.member.leave();
    this.endListening();
    this.wakeAll();
    for (const { commands, reads } of this.remotes.values()) {
      commands.close();
      reads.close();
    }
  }

  private async ask<Verb extends ClusterVerb>(
    verb: Verb,
    command: ClusterCommands[Verb],
  ): Promise<Answer<ClusterAnswers[Verb]>> {
    const request = { verb, command } as ClusterRequest; // the command is the verb's, and the compiler cannot tell the pairs apart
    const shard = shardOfRequest(request, this.member.shards);
    if (shard === undefined) return refuse('UNKNOWN_INTENTION');
    const [answer] = await this.carry(shard, [request]);
    return answer ?? refuse('SHARD_UNAVAILABLE'); // it is what belongs to the verb
  }

  /** Brings requests for one shard to its owner, whoever that comes to be, and answers in their order. */
  private async carry(shard: number, requests: readonly ClusterRequest[]): Promise<readonly ClusterAnswer[]> {
    const untilMs = performance.now() + (this.options.waitMs ?? WAIT_MS);
    const answers: (ClusterAnswer | undefined)[] = requests.map(() => undefined);
    let left = requests.map((request, index) => ({ request, index }));
    this.underWay += requests.length;
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
      this.underWay -= requests.length;
      this.releaseDrained();
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
    const options = { url, key: this.options.key, timeoutMs: this.options.waitMs ?? WAIT_MS };
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
    for (const [url, { commands, reads }] of this.remotes) {
      if (alive.has(url)) continue;
      // Its answers may never come; who has its shards now can say what is in their logs.
      this.remotes.delete(url);
      commands.close();
      reads.close();
    }
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const wake of [...this.changeWaiters]) wake();
  }

  private releaseDrained(): void {
    if (this.underWay > MOST_UNDER_WAY / 2) return;
    for (const resolve of this.drainWaiters.splice(0)) resolve();
  }
}

/** The answer to a request; undefined when it is to be sent again. */
function answerTo(request: ClusterRequest, delivery: Delivery | undefined, isOver: boolean): ClusterAnswer | undefined {
  const { kind } = delivery ?? { kind: 'unknown' };
  const answer = delivery?.kind === 'answered' ? delivery.answer : undefined;
  // An exchange that took it and then lost its log answers so, and no more is known.
  const isUnknown = kind === 'unknown' || (answer?.ok === false && answer.code === 'SHARD_UNAVAILABLE');
  const isAbsent = kind === 'absent' || (answer?.ok === false && answer.code === 'NOT_OWNER');
  if (!isUnknown && !isAbsent) return answer;
  if (isUnknown && !isRepeatable(request)) return refuse('SHARD_UNAVAILABLE', UNKNOWN);
  if (!isOver) return undefined;
  if (isUnknown) return refuse('SHARD_UNAVAILABLE', UNKNOWN);
  const why = delivery?.kind === 'absent' ? delivery.why : 'its owner has just let go of it';
  return refuse('SHARD_UNAVAILABLE', `the shard cannot be reached: ${why}; nothing was carried out, try again shortly`);
}

function mustBe<Value>(answer: Answer<Value>): { readonly ok: true } & Value {
  if (!answer.ok) throw new ShardUnavailableError(answer.detail);
  return answer;
}
