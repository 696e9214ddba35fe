import type { Random } from '../random.js';
import type { History } from './history.js';

interface Owned {
  readonly id: number;
  readonly participant: number;
  readonly instrument: number;
}

/** What of a market can be withdrawn. */
interface Standing {
  /** Those of a participant that are open, in every instrument or in one. */
  owned(participant: number, instrument: number): readonly Owned[];
  withdraw(order: Owned, reason: 'switchLapsed' | 'halted'): void;
}

const codes = ['LIMIT_OPEN_QUANTITY', 'LIMIT_NET_POSITION', 'HALTED', 'LIMIT_RATE'] as const;

/**
 * Switches and limits of a naive market, as honest as it is in what they withdraw: a switch that is due lapses before the next command.
 * Which posts are refused is made up, and limits hold nobody back: who reads a log is told both all the same.
 */
export class NaiveRisk {
  private readonly due = new Map<number, number>();

  constructor(
    private readonly history: History,
    private readonly random: Random,
    private readonly standing: Standing,
  ) {}

  /** To be called before each command. */
  lapse(): void {
    const { history } = this;
    for (const [participantId, lapsesAtMs] of [...this.due].sort(([, one], [, other]) => one - other)) {
      if (lapsesAtMs > history.atMs) continue;
      this.due.delete(participantId);
      history.append({ type: 'SwitchLapsed', participantId, atMs: history.atMs++ });
      this.withdrawAll(participantId, 0, 'switchLapsed');
    }
  }

  command(participantId: number, instrumentId: number): void {
    const { history, random } = this;
    const kind = random.weighted({ switch: 4, off: 1, limits: 3, refusal: 2 });
    if (kind === 'switch') this.set(participantId, 20 + random.below(200));
    else if (kind === 'off') this.set(participantId, 0);
    else if (kind === 'limits') this.limit(participantId, random.chance(0.3) ? 0 : instrumentId);
    else {
      const refused = { clientIntentionId: `refused-${history.head}`, code: random.pick(codes) };
      history.append({ type: 'PostRefused', participantId, instrumentId, ...refused, atMs: history.atMs++ });
    }
  }

  private set(participantId: number, withinMs: number): void {
    const { history } = this;
    const atMs = history.atMs++;
    const lapsesAtMs = withinMs === 0 ? 0 : atMs + withinMs;
    history.append({ type: 'SwitchSet', participantId, withinMs, lapsesAtMs, atMs });
    if (withinMs === 0) this.due.delete(participantId);
    else this.due.set(participantId, lapsesAtMs);
  }

  private limit(participantId: number, instrumentId: number): void {
    const { history, random } = this;
    const some = (text: string): string => (random.chance(0.5) ? text : '');
    const withdraws = random.chance(0.2);
    history.append({
      ...{ type: 'LimitsSet', participantId, instrumentId, openQuantity: some('5000'), netPosition: some('0') },
      ...{ intentionsPerSecond: random.below(3), halted: random.chance(0.2), withdraws, atMs: history.atMs++ },
    });
    if (withdraws) this.withdrawAll(participantId, instrumentId, 'halted');
  }

  private withdrawAll(participantId: number, instrumentId: number, reason: 'switchLapsed' | 'halted'): void {
    for (const order of this.standing.owned(participantId, instrumentId)) this.standing.withdraw(order, reason);
  }
}
