import { type Deal, type Fetch, ParleyClient } from '../../src/client/index.js';
import { eventually, mustBecome } from '../crash/violation.js';
import type { ServerProcess } from '../history/scenes/server-process.js';
import type { Random } from '../support/random.js';
import { OwnBooks } from './books.js';
import { ownPositions } from './log-positions.js';
import { list, participants } from './market.js';
import { TradingProgram } from './program.js';

const MOST_ROUND_MS = 600;
/** How long a server stays dead. */
const MOST_AWAY_MS = 100;

export const tallied = ['rounds', 'serverKills', 'programKills', 'messages', 'deals'] as const;

export type Tally = Record<(typeof tallied)[number], number>;

/**
 * Rounds of trading in which programs and the server are killed, and after each of which everybody's own books are held against the
 * account, the ledger and the log.
 */
export class Rounds {
  readonly tally: Tally = { rounds: 0, serverKills: 0, programKills: 0, messages: 0, deals: 0 };
  private readonly operator: ParleyClient;
  private readonly books = participants.map((participant) => new OwnBooks(participant));
  private programs: TradingProgram[] = [];
  private started = 0;

  constructor(
    private readonly server: ServerProcess,
    private readonly random: Random,
    /** What programs reach the server by. */
    private readonly fetch?: Fetch,
  ) {
    this.operator = new ParleyClient({ url: server.url, retry: { attempts: 1_000, baseMs: 20, maxMs: 200 } });
  }

  /** Throws Violation where books differ. */
  async play(rounds: number): Promise<void> {
    await list(this.operator);
    while (this.tally.rounds < rounds) await this.round();
  }

  private async round(): Promise<void> {
    this.programs = this.books.map((books) => this.program(books));
    await this.disturb();
    for (const program of this.programs) await eventually('the last answer', program.stopTrading());
    await this.reconcile();
    for (const program of this.programs) await program.kill();
    this.tally.rounds++;
  }

  /** Ends the programs that a violation has left. */
  async end(): Promise<void> {
    for (const program of this.programs) await program.kill();
  }

  private program(books: OwnBooks): TradingProgram {
    const run = `${books.participant}-${++this.started}`;
    return new TradingProgram({ url: this.server.url, fetch: this.fetch, books, run, random: this.random.split() });
  }

  /** Kills somebody a few times: a program, whose next one goes on with its books, or the server. */
  private async disturb(): Promise<void> {
    const { random, programs, books, server, tally } = this;
    for (let left = random.between(1, 3); left > 0; left--) {
      await pause(random.below(MOST_ROUND_MS));
      if (random.chance(1, 3)) {
        await server.kill();
        await pause(random.below(MOST_AWAY_MS));
        await server.start();
        tally.serverKills++;
        continue;
      }
      const at = random.below(programs.length);
      await programs[at]?.kill();
      const own = books[at];
      if (own !== undefined) programs[at] = this.program(own);
      tally.programKills++;
    }
    await pause(random.below(MOST_ROUND_MS));
  }

  private async reconcile(): Promise<void> {
    this.tally.messages = 0;
    // From here on nothing happens, so that an account and books that are read one after the other are of one moment.
    for (const { participant } of this.books) await this.operator.setSwitch(0, { participant });
    for (const books of this.books) {
      const { participant } = books;
      const account = await this.operator.account({ participant });
      const { position = 0 } = account;
      await mustBecome(
        () => `${participant}: its stream did not come to ${position}, it is at ${books.position}`,
        () => books.position >= position || books.failure !== undefined,
        5,
      );
      books.mustBeGood();
      books.mustEqual(account, await this.dealsOf(participant));
      await this.mustBeWhole(books, position);
      this.tally.messages += books.positions.length;
    }
    this.tally.deals = new Set(this.books.flatMap(({ deals }) => [...deals])).size;
  }

  /** One message for each event of the log that is about it or its intentions: no gap, nothing twice. */
  private async mustBeWhole(books: OwnBooks, until: number): Promise<void> {
    books.mustBeSame('events', books.positions, await ownPositions(this.server.url, books.participant, until));
  }

  private async dealsOf(participant: string): Promise<readonly Deal[]> {
    const all: Deal[] = [];
    for (;;) {
      const page = await this.operator.deals({ participant, after: all.at(-1)?.position ?? 0, limit: 1_000 });
      all.push(...page);
      if (page.length < 1_000) return all;
    }
  }
}

/** Of what the rig does, not of what it checks. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
