import { ParleyClient } from '../../src/client/index.js';
import type { Random } from '../support/random.js';

/** What the maker quotes, and what the crowd alone does: their prices part by chance, which is what the arbitrageur lives on. */
const symbols = { quoted: 'ACME', unquoted: 'ACME.L' } as const;

const TICK_SIZE = '0.05';
const MIDDLE_TICKS = 2_000;
const MOST_TICKS_AWAY = 12;
const MOST_LOTS = 9;
/** Of somebody’s in the instrument that is not quoted: the oldest gives way. */
const MOST_STANDING = 3;
const MOST_PAUSE_MS = 100;

/** People who trade with the bots. A server that is away is waited for, and then each command is done once. */
export class Crowd {
  answers = 0;
  private readonly client: ParleyClient;
  private readonly killing = new AbortController();
  private trading: Promise<unknown> = Promise.resolve();
  private mayGoOn = true;
  private waiting: (() => void)[] = [];

  constructor(
    url: string,
    private readonly random: Random,
  ) {
    this.client = new ParleyClient({ url, retry: { attempts: 10_000, baseMs: 20, maxMs: 200 } });
  }

  async list(): Promise<void> {
    for (const symbol of Object.values(symbols))
      await this.client.putInstrument(symbol, { tickSize: TICK_SIZE, lotSize: '1' });
  }

  begin(): void {
    const members = ['alice', 'bob'].map((participant) => this.trade(participant, this.random.split()));
    this.trading = Promise.all(members);
    this.trading.catch(() => undefined); // `nextAnswer` and `stop` tell of it
  }

  /** Resolves with the next answer that anybody gets. */
  async nextAnswer(): Promise<void> {
    const next = new Promise<void>((resolve) => this.waiting.push(resolve));
    await Promise.race([next, this.trading]);
  }

  /** Resolves once the last command is answered. */
  async stop(): Promise<void> {
    this.mayGoOn = false;
    await this.trading;
  }

  kill(): void {
    this.mayGoOn = false;
    this.killing.abort();
  }

  private async trade(participant: string, random: Random): Promise<void> {
    const standing: string[] = [];
    for (let sent = 1; this.mayGoOn; sent++) {
      const id = await this.post(participant, `${participant}-${sent}`, random);
      this.answered();
      if (id !== undefined) standing.push(id);
      const oldest = standing.length > MOST_STANDING ? standing.shift() : undefined;
      if (oldest !== undefined) await this.client.withdraw(oldest, { signal: this.killing.signal });
      await pause(random.below(MOST_PAUSE_MS));
    }
  }

  /** Takes from the maker what it can at once, or stands in the other instrument; resolves to the id of what may stand. */
  private async post(participant: string, clientIntentionId: string, random: Random): Promise<string | undefined> {
    const takes = random.chance(1, 2);
    const ticks = MIDDLE_TICKS + random.between(-MOST_TICKS_AWAY, MOST_TICKS_AWAY);
    const { id } = await this.client.postIntention(
      {
        ...{ clientIntentionId, participant, instrument: takes ? symbols.quoted : symbols.unquoted },
        ...{ side: random.pick(['buy', 'sell'] as const), timeInForce: takes ? 'ioc' : 'gtc' },
        ...{ price: (ticks * Number(TICK_SIZE)).toFixed(2), quantity: String(random.between(1, MOST_LOTS)) },
      },
      { signal: this.killing.signal },
    );
    return takes ? undefined : id;
  }

  private answered(): void {
    this.answers++;
    for (const tell of this.waiting.splice(0)) tell();
  }
}

/** Of what the crowd does, not of what is checked. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
