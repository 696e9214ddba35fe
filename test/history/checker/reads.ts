/**
 * Holds each read against the market as it stood.
 *
 * A read that carries a position must show the market before that position, exactly. One that carries none must show it as it stood
 * before some position within its bounds: all that was answered before it was asked, nothing that was asked after it was answered.
 * What a wrong one shows is then looked for at other positions, which tells what is wrong with it. Refusals are reads too: the
 * reason must have held at some position within the bounds.
 */
import type { Bounds } from './bounds.js';
import type { Finding, FindingKind } from './findings.js';
import {
  type Command,
  isCommand,
  isQuery,
  type LogEvent,
  type Operation,
  outcomeOf,
  positionIn,
  type Query,
  type Reply,
} from './history.js';
import { judge } from './judge.js';
import { isSame } from './naive/naive-exchange.js';
import { canonical, shortened, without, wordsOf } from './same.js';
import { shown } from './naive/shown.js';
import type { State } from './naive/state.js';
import type { Onlooker } from './walk.js';

/** Something that was seen of the market, and the positions before which it may have been. */
interface Sight {
  readonly operation: Operation;
  readonly from: number;
  readonly until: number;
  readonly isSeenIn: (state: State) => boolean;
}

/** How far from its position what a wrong read shows is looked for. */
const SEARCHED_EVENTS = 2_000;

export class Reads {
  readonly findings: Finding[] = [];
  /** Reads and refusals that were compared with the market. */
  compared = 0;
  /** Those that were right at the position that they carry. */
  readonly exact: Operation[] = [];
  private wrong: Sight[] = [];
  private readonly outOfBounds = new Set<Operation>();
  private readonly shows = new Shows();

  constructor(
    private readonly bounds: Bounds,
    /** Beyond it, there is nothing to compare with: the log ends there, or is not as it must be from there on. */
    private readonly validUpTo: number,
    private readonly log: readonly LogEvent[],
  ) {}

  /** Each read at its position, and those without one within their bounds; and commands that must have changed nothing. */
  compare(operations: readonly Operation[], idle: readonly Operation<Command>[]): Onlooker {
    const all = [
      ...operations.flatMap((operation) => this.sightOf(operation)),
      ...idle.map((operation) => idleSight(operation, this.bounds, this.validUpTo)),
    ];
    const sights = all.filter(({ from }) => from <= this.validUpTo);
    for (const { operation, from } of all) if (from > this.log.length) this.findBeyond(operation);
    this.compared = sights.length;
    return look(sights, (sight, state) => {
      if (state === undefined) this.wrong.push(sight);
      else if (this.isExact(sight.operation)) this.exact.push(sight.operation);
    });
  }

  /** Whether some were wrong that have not been found anywhere else. */
  get areWrong(): boolean {
    return this.wrong.length > 0;
  }

  /** For another walk: looks for what was wrong at later positions. */
  seekLater(): Onlooker {
    return this.seek(({ until }) => [until + 1, until + SEARCHED_EVENTS]);
  }

  /** For another walk: looks for what was wrong, and is still nowhere, at earlier positions. */
  seekEarlier(): Onlooker {
    return this.seek(({ from }) => [from - SEARCHED_EVENTS, from - 1]);
  }

  /** Nothing was found of these anywhere. */
  reportTheRest(): void {
    for (const { operation, from, until } of this.wrong) {
      const shows = shortened(operation.reply?.body);
      if (isQuery(operation))
        this.find('neverStood', operation, `shows ${shows}: not so at ${range(from, until)}, nor near it`);
      else if (outcomeOf(operation) === 'done')
        this.find('lost', operation, 'it is not in the log, and would have changed something');
      else this.find('refusal', operation, `refused with ${shows}, which did not hold at ${range(from, until)}`);
    }
  }

  private seek(where: (sight: Sight) => readonly [number, number]): Onlooker {
    const origins = new Map(this.wrong.map((sight) => [sight.operation, sight]));
    const sights = this.wrong.map((sight) => {
      const [from, until] = where(sight).map((position) => Math.min(Math.max(0, position), this.validUpTo));
      return { ...sight, from: from ?? 0, until: until ?? 0 };
    });
    return look(sights, ({ operation }, state) => {
      const origin = origins.get(operation);
      if (state === undefined || origin === undefined || !isQuery(operation)) return;
      this.wrong = this.wrong.filter((sight) => sight !== origin);
      const { from, until } = origin;
      const message = `shows ${shortened(operation.reply?.body)}: not so at ${range(from, until)}, but at ${state.position}`;
      const isLater = state.position > until;
      if (positionIn(operation.reply) !== undefined)
        this.find(isLater ? 'laterThanSaid' : 'earlierThanSaid', operation, message);
      else this.find(isLater ? 'future' : 'stale', operation, message);
    });
  }

  private isExact(operation: Operation): boolean {
    return positionIn(operation.reply) !== undefined && !this.outOfBounds.has(operation);
  }

  private findBeyond(operation: Operation): void {
    this.find('neverStood', operation, `the log ends at ${this.log.length}`);
  }

  private sightOf(operation: Operation): Sight[] {
    const { reply } = operation;
    const outcome = outcomeOf(operation);
    if (reply === undefined || outcome === 'unknown') return [];
    const floor = this.bounds.floor(operation.beganMs);
    const ceiling = Math.min(this.bounds.ceiling(operation.endedMs), this.validUpTo);
    if (isQuery(operation)) {
      const at = positionIn(reply);
      if (at !== undefined) this.checkBounds(operation, at, floor);
      const { ask } = operation;
      const key = canonical(ask);
      const told = textOf(reply);
      const isSeenIn = (state: State): boolean => this.shows.of(state, ask, key) === told;
      return [{ operation, from: at ?? floor, until: at ?? ceiling, isSeenIn }];
    }
    if (!isCommand(operation) || outcome !== 'refused' || isExcused(operation)) return [];
    const command = operation.ask;
    const isSeenIn = (state: State): boolean => judge(state, command) === reply.body.code;
    return [{ operation, from: floor, until: ceiling, isSeenIn }];
  }

  private checkBounds(operation: Operation<Query>, at: number, floor: number): void {
    const ceiling = this.bounds.ceiling(operation.endedMs);
    const message =
      at < floor
        ? `before it was asked, all before ${floor} had been answered`
        : `what stands at ${ceiling} was asked for after it was answered`;
    if (at >= floor && at <= ceiling) return;
    this.outOfBounds.add(operation);
    this.find(at < floor ? 'stale' : 'future', operation, message);
  }

  private find(kind: FindingKind, operation: Operation, message: string): void {
    const position = positionIn(operation.reply);
    this.findings.push({ kind, about: operation.ask.kind, position, message: `${wordsOf(operation)}: ${message}` });
  }
}

/** What a query is answered, as a text; many ask the same at one position. */
class Shows {
  private position = -1;
  private readonly texts = new Map<string, string>();

  of(state: State, query: Query, key: string): string {
    if (state.position !== this.position) this.texts.clear();
    this.position = state.position;
    const text = this.texts.get(key) ?? textOf(shown(state, query));
    this.texts.set(key, text);
    return text;
  }
}

/** Of an answer without its position, and without why nothing newer is shown; of a refusal its code counts. */
function textOf({ status, body }: Reply): string {
  if (status !== 200) return `${status} ${String(body.code)}`;
  const market = without(body, 'position');
  return canonical(body.state === 'stopped' ? without(without(market, 'state'), 'reason') : market);
}

/** Of a client id's second use, and of an end that has passed, the market does not tell. */
function isExcused({ reply }: Operation): boolean {
  const code = reply?.body.code;
  return code === 'CLIENT_ID_REUSED' || code === 'INVALID_EXPIRY';
}

/** Each sight is taken until it has been seen; `told` receives the market that it was seen in, or undefined at its end. */
function look(sights: readonly Sight[], told: (sight: Sight, state: State | undefined) => void): Onlooker {
  const waiting = [...sights].sort((one, other) => other.from - one.from);
  let looking: Sight[] = [];
  return (state) => {
    for (let next = waiting.at(-1); next !== undefined && next.from <= state.position; next = waiting.at(-1)) {
      looking.push(next);
      waiting.pop();
    }
    if (looking.length === 0) return;
    looking = looking.filter((sight) => {
      const isSeen = sight.isSeenIn(state);
      if (isSeen) told(sight, state);
      else if (state.position >= sight.until) told(sight, undefined);
      return !isSeen && state.position < sight.until;
    });
  };
}

function range(from: number, until: number): string {
  return from === until ? `${from}` : `${from} to ${until}`;
}

/** Of listings and phases that stand nowhere: at some position within their bounds there must have been nothing to change. */
function idleSight(operation: Operation<Command>, bounds: Bounds, validUpTo: number): Sight {
  const { ask } = operation;
  const isSeenIn = (state: State): boolean => {
    if (ask.kind === 'phase') return state.instrument(ask.symbol)?.phase === ask.phase;
    const listed = ask.kind === 'list' ? state.instrument(ask.symbol)?.body : undefined;
    return ask.kind === 'list' && listed !== undefined && isSame(listed, ask.body);
  };
  const until = Math.min(bounds.ceiling(operation.endedMs), validUpTo);
  return { operation, from: bounds.floor(operation.beganMs), until, isSeenIn };
}
