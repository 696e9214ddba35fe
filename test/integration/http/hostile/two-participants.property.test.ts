import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { BookLevel } from '../../../../src/exchange/commands.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { type Judge, openJudge } from '../../../support/http/hostile/decent-answer.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, appOf, openMarket } from '../../../support/http/market.js';
import {
  type Command,
  listing,
  type Move,
  moves,
  type Spoilt,
  type Who,
} from '../../../support/http/two-participants.js';
import { runs } from '../../../support/property/runs.js';
import { expectAuditFinds } from '../../../support/reference/checks.js';
import { type Ending, ReferenceExchange } from '../../../support/reference/reference-exchange.js';
import type { Level, Step, StepResult } from '../../../support/reference/steps.js';
import { dealsIn, eventsIn, OPENING_MS } from '../../../support/reference/exchange-harness.js';

interface Changed {
  readonly status: 'open' | Ending;
  readonly openLots: number;
  readonly filledLots: number;
}
/** What is said to a command, in the words of the reference. */
type Said = Changed | Extract<StepResult, { refused: string } | { posted: number }>;

type History = readonly Step[];

/** What the reference comes to by a history, and what it says to each of its steps. */
interface Replayed {
  readonly history: History;
  readonly reference: ReferenceExchange;
  readonly said: readonly Said[];
}

/** One market, its server, and the reference that says what must come of each move. */
class Session {
  readonly #market: Market;
  readonly #app: FastifyInstance;
  readonly #judge: Judge;
  /**
   * All that was carried out, in order. Two commands at the same time come in one order or in the other; where their answers fit both, each
   * is a history of its own until a later answer, the book or the deals tell which it was.
   */
  #histories: readonly History[] = [[]];

  constructor(market: Market, app: FastifyInstance, judge: Judge) {
    this.#market = market;
    this.#app = app;
    this.#judge = judge;
  }

  async play(move: Move): Promise<void> {
    const before = await this.#market.log.head();
    const said = await this.#carryOut(move);
    const isRefused = said.every((each) => 'refused' in each);
    if (isRefused) expect(await this.#market.log.head()).toBe(before);
    const book = (await this.#app.inject({ url: '/v1/book/ACME?depth=1000', headers: as.alice })).json<Book>();
    const levels = { bids: book.bids.map(levelOf), asks: book.asks.map(levelOf) };
    this.#keep(this.#histories, levels, ({ reference }) => reference.book('ACME'));
  }

  /** Sends what the move says, holds each answer against the reference, and returns what was said to the good commands. */
  async #carryOut(move: Move): Promise<readonly Said[]> {
    switch (move.kind) {
      case 'one':
        return this.#one(move.command, move.nonsense);
      case 'two':
        return this.#two(move.commands);
      case 'stream':
        return this.#stream(move.who, move.lines, move.isEnded);
    }
  }

  async #one(command: Command, nonsense: readonly Spoilt[]): Promise<readonly Said[]> {
    const refused = nonsense.map((each) => this.#send(each.who, post, each.bytes));
    const said = await this.#ask(command);
    for (const each of await Promise.all(refused)) expect(each).toHaveProperty('refused');
    this.#take([command.step], [said]);
    return [said];
  }

  /** Whichever was first: both answers must be those of one order or of the other. */
  async #two([one, other]: readonly [Command, Command]): Promise<readonly Said[]> {
    const said = await Promise.all([this.#ask(one), this.#ask(other)]);
    const orders = this.#histories.flatMap((history) => [
      [...history, one.step, other.step],
      [...history, other.step, one.step],
    ]);
    this.#keep(orders, said, ({ history, said: all }) => {
      const lastTwo = all.slice(-2);
      return history.at(-1) === one.step ? lastTwo.toReversed() : lastTwo;
    });
    return said;
  }

  async #stream(who: Who, lines: readonly (Command | Spoilt)[], isEnded: boolean): Promise<readonly Said[]> {
    const bytes = lines.flatMap((line) => [line.bytes ?? Buffer.alloc(0), Buffer.from('\n')]);
    const payload = Buffer.concat(isEnded ? bytes : bytes.slice(0, -1));
    const headers = { ...as[who], 'content-type': 'application/x-ndjson' };
    const answer = await this.#app.inject({ ...post, headers, payload });
    const answers = answer.body.split('\n').filter((line) => line !== '');
    const told = answers.map((line) => JSON.parse(line) as LineAnswer);
    expect(told.map(({ line }) => line)).toEqual(lines.map((_line, index) => index + 1));
    const said = told.map(saidBy);
    const steps = lines.flatMap((line) => ('step' in line ? [line.step] : []));
    const saidToSteps = said.filter((_each, index) => 'step' in (lines[index] ?? {}));
    this.#take(steps, saidToSteps);
    for (const [index, line] of lines.entries()) if (!('step' in line)) expect(said[index]).toHaveProperty('refused');
    return saidToSteps;
  }

  #ask({ who, step, bytes }: Command): Promise<Said> {
    const url = `/v1/intentions/${'id' in step ? step.id : ''}`;
    if (step.kind === 'withdraw') return this.#send(who, { method: 'DELETE', url }, undefined);
    return this.#send(who, step.kind === 'post' ? post : { method: 'PATCH', url }, bytes);
  }

  async #send(who: Who, where: Where, payload: Buffer | undefined): Promise<Said> {
    const headers = { ...as[who], ...(payload === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await this.#app.inject({ ...where, headers, ...(payload === undefined ? {} : { payload }) });
    this.#judge(answer, where);
    return saidBy({ ...answer.json<LineAnswer>(), status: answer.statusCode, state: answer.json<State>().status });
  }

  /** Goes on with these steps, to which this was said. */
  #take(steps: readonly Step[], said: readonly Said[]): void {
    const histories = this.#histories.map((history) => [...history, ...steps]);
    this.#keep(histories, said, ({ said: all }) => all.slice(all.length - steps.length));
  }

  /** Keeps the histories in which this is what is seen, of those that come to the same only one. */
  #keep<Seen>(histories: readonly History[], seen: Seen, seenAfter: (replayed: Replayed) => Seen): void {
    const replayed = histories.map(replay);
    const fitting = replayed.filter((each) => isDeepStrictEqual(seen, seenAfter(each)));
    if (fitting.length === 0) expect.fail(inspect({ seen, possible: replayed.map(seenAfter) }, { depth: null }));
    const isNew = ({ reference }: Replayed, index: number): boolean =>
      !fitting.slice(0, index).some((earlier) => isDeepStrictEqual(earlier.reference, reference));
    this.#histories = fitting.filter(isNew).map(({ history }) => history);
  }

  /** Every deal of the reference is in the log, once and in order, and so is every intention; the log stands up to the audit. */
  async expectAllWell(): Promise<void> {
    const { log, exchange, logged } = this.#market;
    const events = await eventsIn(log);
    this.#keep(this.#histories, dealsIn(events), ({ reference }) => reference.deals);
    const posted = events.filter(({ event }) => event.type === 'IntentionPosted').length;
    expect(posted).toBe(exchange.status().intentions);
    await expectAuditFinds(log);
    expect((await this.#app.inject('/health/ready')).statusCode).toBe(200);
    expect(logged.filter(({ level }) => level >= 50)).toEqual([]);
  }
}

function replay(history: History): Replayed {
  const reference = new ReferenceExchange();
  reference.take({ kind: 'list', listing }, OPENING_MS);
  return { history, reference, said: history.map((step) => saidTo(step, reference)) };
}

/** What the server says, which looks up how an intention ended that the exchange itself no longer knows. */
function saidTo(step: Step, reference: ReferenceExchange): Said {
  const result = reference.take(step, OPENING_MS);
  if ('refused' in result && result.refused === 'INTENTION_CLOSED' && 'id' in step) {
    const closed = reference.closed.get(step.id);
    if (closed?.participant !== step.participant) return { refused: 'NOT_YOURS' };
    const { ending, filledLots } = closed;
    return step.kind === 'withdraw' ? { status: ending, openLots: 0, filledLots } : result;
  }
  if ('refused' in result || 'posted' in result || 'status' in result) return result;
  throw new Error('no participant does this');
}

interface Where {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
}
const post: Where = { method: 'POST', url: '/v1/intentions' };

interface Book {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}
interface State {
  readonly status?: Changed['status'];
}
interface LineAnswer {
  readonly line?: number;
  readonly status: number;
  readonly code?: string;
  readonly id?: string;
  readonly open?: string;
  readonly filled?: string;
  readonly state?: Changed['status'] | undefined;
}

/** An answer of the server in the words of the reference. */
function saidBy({ status, code, id, state, open, filled }: LineAnswer): Said {
  expect(status).toBeLessThan(500);
  if (status >= 400) return { refused: String(code) };
  if (status === 201) return { posted: Number(id) };
  return { status: state ?? 'open', openLots: Number(open), filledLots: Number(filled) };
}

const levelOf = ({ price, quantity, intentions }: BookLevel): Level => [
  Math.round(Number(price) * 100),
  Number(quantity),
  intentions,
];

describe('two participants at the same time, who send good commands oddly written, each other’s ids, and nonsense', () => {
  it('Two participants who send good commands oddly written, each other’s ids and nonsense at once have each good one carried out once, each bad one refused, and nothing lost', async () => {
    const keys = await FileKeyring.load(await keyFile());
    await fc.assert(
      fc.asyncProperty(fc.array(moves, { minLength: 1, maxLength: 12, size: 'max' }), async (session) => {
        const market = await openMarket();
        const app = appOf(market, keys);
        const played = new Session(market, app, await openJudge(app));
        for (const move of session) await played.play(move);
        await played.expectAllWell();
        await app.close();
        market.store.end();
      }),
      runs(40),
    );
  });
});
