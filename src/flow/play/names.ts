import { createHash } from 'node:crypto';
import { withdrawReasonNames } from '../../exchange/commands.js';
import type { WithdrawnLine } from '../script/flow-line.js';
import type { DealMade, Ending, PairedDeal } from './outcome.js';
import type { WitnessedDeal, WitnessedEnding } from './witness.js';

const MAX_CLIENT_ID = 64;

/** One scenario's intentions: the ids that the file gives them, and those that the exchange does. */
export class Names {
  private readonly intentions = new Map<string, number>();
  private readonly files = new Map<number, string>();

  /** `symbol`: that of the scenario's instrument. */
  constructor(readonly symbol: string) {}

  bind(fileId: string, intentionId: number): void {
    this.intentions.set(fileId, intentionId);
    this.files.set(intentionId, fileId);
  }

  intention(fileId: string): number | undefined {
    return this.intentions.get(fileId);
  }

  /** A client id for the file's id; `line` tells apart intentions that use the same id one after the other. */
  clientId(fileId: string, line: number | undefined): string {
    const { symbol } = this;
    const id = `${symbol}:${fileId}${line === undefined ? '' : `:${line}`}`;
    if (id.length <= MAX_CLIENT_ID) return id;
    return `${symbol.slice(0, 8)}:${createHash('sha256').update(id).digest('base64url')}`;
  }

  /** A deal of continuous trading, in the file's ids. */
  made({ initiatorId, responderId, price, quantity }: WitnessedDeal): DealMade {
    return { taker: this.file(responderId), maker: this.file(initiatorId), price, quantity };
  }

  /** A deal of an auction, in the file's ids. */
  paired({ initiatorId, responderId, initiatorBuys, price, quantity }: WitnessedDeal): PairedDeal {
    const [buyer, seller] = initiatorBuys ? [initiatorId, responderId] : [responderId, initiatorId];
    return { buyer: this.file(buyer), seller: this.file(seller), price, quantity };
  }

  /** Ends of intentions, in the file's ids; without those of other scenarios. */
  endings(all: readonly WitnessedEnding[]): readonly Ending[] {
    const found: Ending[] = [];
    for (const { intentionId, reason } of all) {
      const id = this.files.get(intentionId);
      if (id !== undefined) found.push({ id, reason: reason === undefined ? 'expired' : nameOf(reason) });
    }
    return found;
  }

  private file(intentionId: number): string {
    return this.files.get(intentionId) ?? `?${intentionId}`;
  }
}

function nameOf(reason: number): WithdrawnLine['reason'] {
  const name = withdrawReasonNames[reason];
  if (name === undefined) throw new RangeError(`no reason for a withdrawal has the number ${reason}`);
  return name;
}
