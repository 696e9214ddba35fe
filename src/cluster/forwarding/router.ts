/**
 * The exchange as any member shows it: every command goes to the owner of its shard, in this process or in another. How, and what may
 * be sent again, is for the request forwarder; commands for a shard of this process are handed to it directly.
 */
import {
  type AllWithdrawn,
  type Answer,
  type BookView,
  type InstrumentList,
  type InstrumentsPage,
  type InstrumentView,
  type IntentionAcknowledged,
  type PostIntention,
  type Refusal,
  refuse,
  type ShardStatus,
  type WithdrawAll,
} from '../../exchange/commands.js';
import { type ExchangePort, ShardUnavailableError } from '../../exchange/port.js';
import type { LimitsAnswer, SetLimits, SetSwitch, SwitchAnswer } from '../../exchange/risk-commands.js';
import { ofEveryShard } from './every-shard.js';
import { RequestForwarder, type RequestForwarderOptions } from './request-forwarder.js';
import type { ClusterMember } from '../membership/member.js';
import { MemberPort, type MemberPortOptions } from './member-port.js';
import {
  type ClusterAnswers,
  type ClusterCommands,
  type ClusterRequest,
  type ClusterVerb,
  type ListedInstruments,
  shardOfRequest,
} from './requests.js';
import { shardOfSymbol } from '../shard-of.js';
import type { ClusterPort } from '../view.js';

export interface ClusterExchangeOptions extends RequestForwarderOptions, MemberPortOptions {}

/** How many shards are asked at once for what they list: the few that fill a page, mostly. */
const SHARDS_AT_ONCE = 8;
/** Of many that are withdrawn, so many are told of. */
const MOST_TOLD = 1_000;

export class ClusterExchange implements ExchangePort {
  /** What the server shows of the cluster, and answers to other members. */
  readonly cluster: ClusterPort;
  private readonly member: ClusterMember;
  private readonly forwarder: RequestForwarder;
  private closing: Promise<void> | undefined;

  constructor(options: ClusterExchangeOptions) {
    this.member = options.member;
    this.forwarder = new RequestForwarder(options);
    this.cluster = new MemberPort(options, this.forwarder);
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
    await Promise.all(
      [...groups].map(async ([shard, group]) => {
        const given = await this.postTo(shard, group.commands);
        group.indices.forEach((index, at) => (answers[index] = given[at] ?? refuse('SHARD_UNAVAILABLE')));
      }),
    );
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
    const again = await this.forwarder.carry(
      shard,
      commands.map((command) => ({ verb: 'post', command })),
    );
    return again as readonly Answer<IntentionAcknowledged>[]; // a post is answered as a post
  }

  readonly withdraw: ExchangePort['withdraw'] = (command) => this.ask('withdraw', command);
  readonly reduce: ExchangePort['reduce'] = (command) => this.ask('reduce', command);
  readonly replace: ExchangePort['replace'] = (command) => this.ask('replace', command);

  async withdrawAll(command: WithdrawAll): Promise<Answer<AllWithdrawn>> {
    const { instrument } = command;
    const { shards } = this.member;
    const wanted =
      instrument === undefined
        ? Array.from({ length: shards }, (_, shard) => shard)
        : [shardOfSymbol(instrument, shards)];
    const answers = await Promise.all(wanted.map((shard) => this.ask('withdrawAll', { ...command, shard })));
    const refusal = answers.find(({ ok }) => !ok);
    if (refusal?.ok === false) return withdrawnInPart(refusal, wanted.length);
    const parts = answers.filter((answer) => answer.ok);
    return {
      ok: true,
      withdrawn: parts.reduce((sum, { withdrawn }) => sum + withdrawn, 0),
      intentions: parts.flatMap(({ intentions }) => intentions).slice(0, MOST_TOLD),
      positions: new Map(parts.map(({ position }, index) => [wanted[index] ?? 0, position])),
    };
  }

  readonly list: ExchangePort['list'] = (command) => this.ask('list', command);
  readonly changePhase: ExchangePort['changePhase'] = (command) => this.ask('changePhase', command);
  readonly uncross: ExchangePort['uncross'] = (command) => this.ask('uncross', command);

  async setSwitch(command: SetSwitch): Promise<SwitchAnswer> {
    const answers = await Promise.all(this.everyShard().map((shard) => this.ask('setSwitch', { ...command, shard })));
    return ofEveryShard(answers);
  }

  async setLimits(command: SetLimits): Promise<LimitsAnswer> {
    const { instrument } = command;
    const { shards } = this.member;
    const wanted = instrument === undefined ? this.everyShard() : [shardOfSymbol(instrument, shards)];
    const answers = await Promise.all(wanted.map((shard) => this.ask('setLimits', { ...command, shard })));
    const [only] = answers;
    return instrument !== undefined && only !== undefined ? only : ofEveryShard(answers);
  }

  private everyShard(): readonly number[] {
    return Array.from({ length: this.member.shards }, (_, shard) => shard);
  }

  async instruments({ after, limit }: InstrumentsPage): Promise<InstrumentList | undefined> {
    const { shards } = this.member;
    const home = after === undefined ? 0 : shardOfSymbol(after, shards);
    const instruments: InstrumentView[] = [];
    const positions = new Map<number, number>();
    for (let first = home; first < shards && instruments.length <= limit; first += SHARDS_AT_ONCE) {
      const some = Array.from({ length: Math.min(SHARDS_AT_ONCE, shards - first) }, (_, index) => first + index);
      const most = limit + 1 - instruments.length;
      const pages = await Promise.all(
        some.map((shard) => this.listed(shard, { after: shard === home ? after : undefined, limit: most })),
      );
      for (const [index, page] of pages.entries()) {
        if (page === undefined) return undefined;
        // Those after a full page are not looked into.
        if (instruments.length > limit) break;
        instruments.push(...page.views);
        if (page.position !== undefined) positions.set(first + index, page.position);
      }
    }
    return { instruments: instruments.slice(0, limit), positions, hasMore: instruments.length > limit };
  }

  /** A page of what one shard lists; undefined for an `after` that it does not list. */
  private async listed(shard: number, page: InstrumentsPage): Promise<ListedInstruments | undefined> {
    const answer = await this.ask('instruments', { shard, ...page });
    if (!answer.ok && answer.code === 'UNKNOWN_INSTRUMENT') return undefined;
    if (answer.ok || answer.code !== 'INVALID_COMMAND') return mustBe(answer);
    // A member of before there were pages does not know the fields: it gives all.
    const { views, position } = mustBe(await this.ask('instruments', { shard }));
    const from = page.after === undefined ? 0 : views.findIndex(({ symbol }) => symbol === page.after) + 1;
    if (page.after !== undefined && from === 0) return undefined;
    return { views: views.slice(from, from + page.limit), ...(position === undefined ? {} : { position }) };
  }

  async instrument(symbol: string): Promise<InstrumentView | undefined> {
    return mustBe(await this.ask('instrument', { instrument: symbol })).view;
  }

  async book(symbol: string, depth: number): Promise<BookView | undefined> {
    return mustBe(await this.ask('book', { instrument: symbol, depth })).view;
  }

  shards(): readonly ShardStatus[] {
    return this.member.host.statuses();
  }

  get congested(): boolean {
    return this.forwarder.isCongested || this.member.host.exchanges().some(({ congested }) => congested);
  }

  async drained(): Promise<void> {
    await Promise.all([
      this.forwarder.drained(),
      ...this.member.host.exchanges().map((exchange) => exchange.drained()),
    ]);
  }

  /** Closes its shards in order, for others to open at once, and hands on what it is asked from then on. */
  leave(): Promise<void> {
    return this.member.leave();
  }

  /** Leaves the cluster, if it has not yet, and ends. */
  close(): Promise<void> {
    this.closing ??= this.member.leave().then(async () => {
      this.forwarder.close();
      await this.member.end();
    });
    return this.closing;
  }

  private async ask<Verb extends ClusterVerb>(
    verb: Verb,
    command: ClusterCommands[Verb],
  ): Promise<ClusterAnswers[Verb]> {
    const request = { verb, command } as ClusterRequest; // the command is the verb's, and the compiler cannot tell the pairs apart
    const shard = shardOfRequest(request, this.member.shards);
    if (shard === undefined) return nowhere(request);
    const [answer] = await this.forwarder.carry(shard, [request]);
    return (answer ?? refuse('SHARD_UNAVAILABLE')) as ClusterAnswers[Verb]; // a verb is answered with what belongs to it
  }
}

function nowhere({ command }: ClusterRequest): Refusal {
  const isNamed = !('clientIntentionId' in command) || 'side' in command || command.clientIntentionId === undefined;
  return isNamed
    ? refuse('UNKNOWN_INTENTION')
    : refuse('INVALID_COMMAND', 'there are several shards: name the instrument');
}

function withdrawnInPart({ code, detail }: Refusal, shards: number): Refusal {
  return refuse(code, shards === 1 ? detail : `${detail}; of other shards some may have been withdrawn`);
}

function mustBe<Value>(answer: Answer<Value>): { readonly ok: true } & Value {
  if (!answer.ok) throw new ShardUnavailableError(answer.detail);
  return answer;
}
