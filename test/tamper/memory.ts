/** The answers that participants received and keep: all that an exchange is held to, whatever happened to its log. */
import {
  type Deal,
  type Intention,
  type IntentionAcknowledged,
  type IntentionChanged,
  ParleyError,
  type ParleyClient,
  type PostIntention,
} from '../../src/client/index.js';
import { onceServed, readMarket } from './market.js';

export interface Posted {
  readonly intention: PostIntention;
  readonly answer: IntentionAcknowledged;
}

/** Of differences that have one cause the first few tell enough. */
const SHOWN = 3;

export class Memory {
  /** By client id. */
  readonly posts = new Map<string, Posted>();
  /** By the intention's id. */
  readonly withdrawn = new Map<string, IntentionChanged>();
  /** As last read, after all that was acknowledged by then; undefined where it could not be read. */
  market: { readonly intentions: ReadonlyMap<string, Intention>; readonly deals: readonly Deal[] } | undefined;

  /** Position after the last event that was acknowledged. */
  get reach(): number {
    const positions = [...this.posts.values()].map(({ answer }) => answer.position);
    return Math.max(-1, ...positions, ...[...this.withdrawn.values()].map(({ position }) => position)) + 1;
  }

  /** To be added to without changing this one. */
  copy(): Memory {
    const copy = new Memory();
    for (const [id, posted] of this.posts) copy.posts.set(id, posted);
    for (const [id, changed] of this.withdrawn) copy.withdrawn.set(id, changed);
    copy.market = this.market;
    return copy;
  }

  /** Returns what is wrong with the answer, if anything is: a position or an id that was another's. */
  posted(intention: PostIntention, answer: IntentionAcknowledged): string | undefined {
    const other = [...this.posts.values()].find(
      (each) => each.answer.position === answer.position || each.answer.id === answer.id,
    );
    if (other !== undefined && other.intention.clientIntentionId !== intention.clientIntentionId) {
      const { id, position } = answer;
      return `${answer.clientIntentionId} is acknowledged as ${id} at ${position}, which ${other.answer.clientIntentionId} has one of`;
    }
    this.posts.set(intention.clientIntentionId, { intention, answer });
    return undefined;
  }

  /** Asks all of it again. Returns how the answers differ; empty where all is as before. */
  async differences(client: ParleyClient): Promise<string[]> {
    const found: string[] = [];
    if (this.market !== undefined) found.push(...(await this.compareMarket(client)));
    for (const { intention, answer } of this.posts.values()) {
      if (found.length >= SHOWN) break;
      const now = await client.postIntention(intention).catch(codeOf);
      if (canonical(now) !== canonical(answer)) {
        found.push(`${intention.clientIntentionId} was ${canonical(answer)}, and is ${canonical(now)}`);
      }
    }
    for (const [id, answer] of this.withdrawn) {
      if (found.length >= SHOWN) break;
      const now = await onceServed(() => client.withdraw(id)).catch(codeOf);
      if (canonical(now) !== canonical(answer)) {
        found.push(`the withdrawal of ${id} was answered ${canonical(answer)}, and is answered ${canonical(now)}`);
      }
    }
    return found;
  }

  private async compareMarket(client: ParleyClient): Promise<string[]> {
    const now = await readMarket(client).catch(codeOf);
    if (typeof now === 'string') return [`the market was read, and reads are refused: ${now}`];
    const found: string[] = [];
    for (const [id, before] of this.market?.intentions ?? []) {
      const after = now.intentions.get(id);
      if (canonical(after) !== canonical(before))
        found.push(`intention ${id} was ${canonical(before)}, and is ${canonical(after)}`);
    }
    const deals = this.market?.deals ?? [];
    deals.forEach((before, index) => {
      const after = now.deals[index];
      if (canonical(after) !== canonical(before))
        found.push(`deal ${index} was ${canonical(before)}, and is ${canonical(after)}`);
    });
    return found.slice(0, SHOWN);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof ParleyError) return error.code;
  throw error;
}

/** The same text for the same fields in whatever order. */
function canonical(value: object | string | undefined): string {
  if (typeof value !== 'object') return value ?? 'gone';
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))));
}
