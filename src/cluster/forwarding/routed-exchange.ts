/**
 * The exchange of several shards as one: what is asked goes to the shard that it is for, or to each of them, and what they say is put
 * together. How it gets there is for who extends it.
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
import {
  type CarriedAnswer,
  type ClusterAnswers,
  type ClusterCommands,
  type ClusterRequest,
  type ClusterVerb,
  type ListedInstruments,
  shardOfRequest,
} from './requests.js';
import { shardOfSymbol } from '../shard-of.js';

/** How many shards are asked at once for what they list: the few that fill a page, mostly. */
const SHARDS_AT_ONCE = 8;
/** Of many that are withdrawn, so many are told of. */
const MOST_TOLD = 1_000;

export type Acknowledged = Answer<IntentionAcknowledged>;

export abstract class RoutedExchange implements ExchangePort {
  protected constructor(
    /** How many there are, permanently. */
    private readonly count: number,
  ) {}

  abstract shards(): readonly ShardStatus[];
  abstract readonly congested: boolean;
  abstract drained(): Promise<void>;
  abstract close(): Promise<void>;

  /** Has a shard carry requests out, in their order, and answers them. Never rejects for reasons of the way. */
  protected abstract carry(shard: number, requests: readonly ClusterRequest[]): Promise<readonly CarriedAnswer[]>;

  async post(command: PostIntention): Promise<Acknowledged> {
    const [answer] = await this.postTo(this.shardOf(command), [command]);
    return answer ?? refuse('SHARD_UNAVAILABLE');
  }

  async postAll(commands: readonly PostIntention[]): Promise<readonly Answer<IntentionAcknowledged>[]> {
    const groups = new Map<number, { readonly indices: number[]; readonly commands: PostIntention[] }>();
    commands.forEach((command, index) => {
      const shard = this.shardOf(command);
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

  protected async postTo(shard: number, commands: readonly PostIntention[]): Promise<readonly Acknowledged[]> {
    const requests = commands.map((command): ClusterRequest => ({ verb: 'post', command }));
    return (await this.carry(shard, requests)) as readonly Acknowledged[]; // a post is answered as a post
  }

  readonly withdraw: ExchangePort['withdraw'] = (command) => this.ask('withdraw', command);
  readonly reduce: ExchangePort['reduce'] = (command) => this.ask('reduce', command);
  readonly replace: ExchangePort['replace'] = (command) => this.ask('replace', command);

  async withdrawAll(command: WithdrawAll): Promise<Answer<AllWithdrawn>> {
    const { instrument } = command;
    const shards = this.count;
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
    const shards = this.count;
    const wanted = instrument === undefined ? this.everyShard() : [shardOfSymbol(instrument, shards)];
    const answers = await Promise.all(wanted.map((shard) => this.ask('setLimits', { ...command, shard })));
    const [only] = answers;
    return instrument !== undefined && only !== undefined ? only : ofEveryShard(answers);
  }

  private everyShard(): readonly number[] {
    return Array.from({ length: this.count }, (_, shard) => shard);
  }

  async instruments({ after, limit }: InstrumentsPage): Promise<InstrumentList | undefined> {
    const shards = this.count;
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

  protected shardOf({ instrument }: PostIntention): number {
    return shardOfSymbol(instrument, this.count);
  }

  private async ask<Verb extends ClusterVerb>(
    verb: Verb,
    command: ClusterCommands[Verb],
  ): Promise<ClusterAnswers[Verb]> {
    const request = { verb, command } as ClusterRequest; // the command is the verb's, and the compiler cannot tell the pairs apart
    const shard = shardOfRequest(request, this.count);
    if (shard === undefined) return nowhere(request);
    const [answer] = await this.carry(shard, [request]);
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
