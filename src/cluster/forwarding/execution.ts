/** Carries out requests of other members, and of this one, on the shards of this process. */
import { type PostIntention, refuse } from '../../exchange/commands.js';
import { type ExchangePort, ShardUnavailableError } from '../../exchange/port.js';
import { type ClusterAnswer, type ClusterRequest, type NotOwner, shardOfRequest } from './requests.js';

/** Where the exchanges of this process are found; undefined for a shard that it does not serve. */
export interface LocalShards {
  readonly shards: number;
  local(shard: number): ExchangePort | undefined;
}

interface Posts {
  readonly exchange: ExchangePort;
  readonly commands: PostIntention[];
  /** Takes the answer to the command of the same place. */
  readonly settles: ((answer: ClusterAnswer) => void)[];
}

/**
 * Carries requests out and answers them in order. What is for one shard is done in the order given; its turns have run when this
 * returns, except where a negotiator is being rebuilt. What is for a shard of somebody else is refused with NOT_OWNER, and never
 * handed on: two members that take each other for the owner would send it to and fro.
 */
export function execute(local: LocalShards, requests: readonly ClusterRequest[]): Promise<readonly ClusterAnswer[]> {
  const posts = new Map<number, Posts>();
  const answers = requests.map((request): Promise<ClusterAnswer> => {
    const shard = shardOfRequest(request, local.shards);
    if (shard === undefined) return Promise.resolve(refuse('UNKNOWN_INTENTION'));
    const exchange = local.local(shard);
    if (exchange === undefined) return Promise.resolve(notOwner(shard));
    if (request.verb === 'post') return gather(posts, shard, exchange, request.command);
    flush(posts, shard);
    return perform(exchange, request).catch(unavailable);
  });
  for (const shard of [...posts.keys()]) flush(posts, shard);
  return Promise.all(answers);
}

function notOwner(shard: number): NotOwner {
  return { ok: false, code: 'NOT_OWNER', detail: `this member does not serve shard ${shard}; nothing was carried out` };
}

function gather(
  posts: Map<number, Posts>,
  shard: number,
  exchange: ExchangePort,
  command: PostIntention,
): Promise<ClusterAnswer> {
  const group = posts.get(shard) ?? { exchange, commands: [], settles: [] };
  posts.set(shard, group);
  group.commands.push(command);
  return new Promise((resolve) => group.settles.push(resolve));
}

/** Hands over the posts that have been gathered for a shard, before anything else is done there. */
function flush(posts: Map<number, Posts>, shard: number): void {
  const group = posts.get(shard);
  if (group === undefined) return;
  posts.delete(shard);
  const settle = (answerOf: (index: number) => ClusterAnswer): void =>
    group.settles.forEach((resolve, index) => resolve(answerOf(index)));
  group.exchange.postAll(group.commands).then(
    (answers) => settle((index) => answers[index] ?? refuse('SHARD_UNAVAILABLE')),
    (error: unknown) => {
      settle(() => refuse('SHARD_UNAVAILABLE', `the exchange failed, so the outcome is unknown: ${String(error)}`));
    },
  );
}

type Performed = Exclude<ClusterRequest, { verb: 'post' }>;

async function perform(exchange: ExchangePort, request: Performed): Promise<ClusterAnswer> {
  switch (request.verb) {
    case 'withdraw':
      return exchange.withdraw(request.command);
    case 'reduce':
      return exchange.reduce(request.command);
    case 'replace':
      return exchange.replace(request.command);
    case 'withdrawAll': {
      const { shard, ...command } = request.command;
      const answer = await exchange.withdrawAll(command);
      if (!answer.ok) return answer;
      const { positions, ...withdrawn } = answer;
      return { ...withdrawn, position: positions.get(shard) ?? 0 };
    }
    case 'list':
      return exchange.list(request.command);
    case 'changePhase':
      return exchange.changePhase(request.command);
    case 'uncross':
      return exchange.uncross(request.command);
    case 'setSwitch': {
      const { shard: _shard, ...command } = request.command;
      return exchange.setSwitch(command);
    }
    case 'setLimits': {
      const { shard: _shard, ...command } = request.command;
      return exchange.setLimits(command);
    }
    case 'book': {
      const view = await exchange.book(request.command.instrument, request.command.depth);
      return view === undefined ? { ok: true } : { ok: true, view };
    }
    case 'instrument': {
      const view = await exchange.instrument(request.command.instrument);
      return view === undefined ? { ok: true } : { ok: true, view };
    }
    case 'instruments': {
      const { shard, after, limit = Number.MAX_SAFE_INTEGER } = request.command;
      const list = await exchange.instruments({ after, limit });
      if (list === undefined) return refuse('UNKNOWN_INSTRUMENT');
      const position = list.positions.get(shard);
      return { ok: true, views: list.instruments, ...(position === undefined ? {} : { position }) };
    }
  }
}

/** What cannot be read now is said of this request alone, and not of all that came with it. */
function unavailable(error: unknown): ClusterAnswer {
  if (error instanceof ShardUnavailableError) return refuse('SHARD_UNAVAILABLE', error.message);
  throw error;
}
