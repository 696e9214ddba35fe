import { ByteCursor } from '../../src/events/bytes.js';
/** What a log says, read by another process than the one that writes it. */
import { type Event, decodeEvent } from '../../src/events/event.js';
import type { ShardLog } from '../../src/log/port.js';

export interface PostedFact {
  readonly position: number;
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly quantityLots: number;
  /** 0 for a market intention. */
  readonly priceTicks: number;
}

export interface ChangedFact {
  readonly position: number;
  readonly kind: 'withdraw' | 'reduce' | 'replace';
  readonly id: string;
  readonly terms: string;
}

/** The log from its first event to its last. */
export class LogFacts {
  readonly types: string[] = [];
  readonly posts = new Map<string, PostedFact>();
  readonly changes = new Map<number, ChangedFact>();
  /** Where intentions were withdrawn, for whatever reason, or expired, by their ids. */
  readonly ended = new Map<string, number>();
  /** Digests of the batches, by the position after each. */
  readonly digests = new Map<number, string>();
  readonly findings: string[] = [];
  expiredCount = 0;
  latestMs = 0;

  static async read(log: Pick<ShardLog, 'read'>): Promise<LogFacts> {
    const facts = new LogFacts();
    for await (const { firstPosition, count, bytes } of log.read(0)) {
      if (firstPosition !== facts.head) facts.findings.push(`position ${firstPosition} follows on ${facts.head - 1}`);
      const cursor = new ByteCursor(bytes);
      for (let index = 0; index < count; index++) facts.add(decodeEvent(cursor));
    }
    return facts;
  }

  static readAll(logs: readonly Pick<ShardLog, 'read'>[]): Promise<LogFacts[]> {
    return Promise.all(logs.map((log) => LogFacts.read(log)));
  }

  /** Position after the last event. */
  get head(): number {
    return this.types.length;
  }

  private add(event: Event): void {
    const position = this.head;
    this.types.push(event.type);
    if ('atMs' in event) this.addTime(position, event.atMs);
    switch (event.type) {
      case 'IntentionPosted':
        this.addPost(position, event);
        break;
      case 'IntentionWithdrawn':
        if (event.reason === 'requested') this.addWithdrawal(position, event.intentionId);
        this.ended.set(String(event.intentionId), position);
        break;
      case 'IntentionReduced':
        this.addChange(position, 'reduce', event.intentionId, String(event.byLots));
        break;
      case 'IntentionAmended':
        this.addChange(position, 'replace', event.intentionId, `${event.openLots} at ${event.priceTicks}`);
        break;
      case 'IntentionExpired':
        this.expiredCount++;
        this.ended.set(String(event.intentionId), position);
        break;
      case 'BatchSealed':
        this.digests.set(position + 1, event.digest);
        break;
      default:
    }
  }

  private addTime(position: number, atMs: number): void {
    if (atMs < this.latestMs) this.findings.push(`position ${position}: time goes back, ${this.latestMs} to ${atMs}`);
    this.latestMs = Math.max(this.latestMs, atMs);
  }

  private addPost(position: number, { clientIntentionId, intentionId, ...terms }: PostedEvent): void {
    const before = this.posts.get(clientIntentionId);
    if (before !== undefined) {
      this.findings.push(`post ${clientIntentionId} stands twice, at ${before.position} and ${position}`);
    }
    const { side, quantityLots, priceTicks } = terms;
    this.posts.set(clientIntentionId, { position, id: String(intentionId), side, quantityLots, priceTicks });
  }

  /** A reduction by all that is left is recorded as one by nothing, which has the command’s id, and then a withdrawal. */
  private addWithdrawal(position: number, intentionId: number): void {
    const before = this.changes.get(position - 1);
    const isReduction = before?.kind === 'reduce' && before.terms === '0' && before.id === String(intentionId);
    if (!isReduction) this.addChange(position, 'withdraw', intentionId, '');
  }

  private addChange(position: number, kind: ChangedFact['kind'], intentionId: number, terms: string): void {
    this.changes.set(position, { position, kind, id: String(intentionId), terms });
  }
}

type PostedEvent = Extract<Event, { type: 'IntentionPosted' }>;
