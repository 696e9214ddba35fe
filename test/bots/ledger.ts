/** What the log says of a participant, read from the log alone by the verbs that people use. */
import type { Deal, Intention, Position } from '../../src/client/index.js';
import { jsonLines, parley } from '../support/cli/parley.js';
import { fillText, orderText, positionText, type Statement } from './statement.js';

/** More than any log of this rig has. */
const ALL = '100000000';

export class Ledger {
  constructor(private readonly data: string) {}

  /** What the audit finds, nothing where all is well; and how many deals there are, whoever made them. */
  async audit(): Promise<{ readonly deals: number; readonly findings: readonly string[] }> {
    const { code, stdout, stderr } = await parley(['audit', '--data', this.data]);
    const isWell = code === 0 && /^result +all is well$/m.test(stdout);
    const deals = Number(/^deals confirmed +(\d+)$/m.exec(stdout)?.[1]);
    return { deals, findings: isWell ? [] : [`the audit: ${stdout}${stderr}`] };
  }

  async statementOf(participant: string): Promise<Statement> {
    const orders = await this.rows<Intention>('intentions', participant, '--status', 'all');
    const deals = await this.rows<Deal>('deals', participant, '--limit', ALL);
    const positions = await this.rows<Position>('positions', participant);
    return {
      orders: new Map(orders.map((order) => [order.id, orderText(order)])),
      fills: deals.flatMap((deal) => fillsOf(deal, participant)),
      positions: positions.map(positionText),
    };
  }

  private async rows<Row>(verb: string, participant: string, ...more: readonly string[]): Promise<readonly Row[]> {
    const args = [verb, '--data', this.data, '--participant', participant, ...more, '--json'];
    const { code, stdout, stderr } = await parley(args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return jsonLines(stdout) as Row[]; // the verb prints what the server answers
  }
}

/** Two, where somebody has dealt with itself. */
function fillsOf(deal: Deal, participant: string): readonly string[] {
  const { id, buyer, seller, buyerIntention, sellerIntention } = deal;
  const sides = [
    { side: 'buy', owner: buyer, order: buyerIntention },
    { side: 'sell', owner: seller, order: sellerIntention },
  ];
  return sides
    .filter(({ owner }) => owner === participant)
    .map(({ side, order }) => fillText({ ...deal, deal: id, side, order }));
}
