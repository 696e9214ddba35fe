/** A participant’s account from the logs alone, as a running exchange tells it. */
import type { Command } from 'commander';
import type { DirectoryFold } from '../../../../projections/directory/directory.js';
import { LedgerFold } from '../../../../projections/ledger/ledger.js';
import { IntentionsFold } from '../../../../projections/store/database/intentions-fold.js';
import { placed } from '../../../../projections/store/desk/deals-of-shards.js';
import { RiskFold } from '../../../../projections/store/database/risk-fold.js';
import {
  type AccountView,
  joinedAccounts,
  MAX_OPEN_INTENTIONS,
  riskOf,
} from '../../../../projections/store/queries/account.js';
import { MAX_ROWS } from '../../../../projections/store/queries/query-terms.js';
import { shardAndPosition } from '../../../../projections/store/places.js';
import { type TapeDeal, TapeFold } from '../../../../projections/tape/tape.js';
import { type DealView, dealView } from '../../../../projections/tape/views.js';
import { usage } from '../../../app/exit.js';
import type { ReadMarket } from '../../../app/logs/market.js';
import { FanOut } from '../../../events/handlers.generated.js';
import type { AtOptions } from '../../options/options.js';
import { readingMarket } from '../../options/logs/with-market.js';
import type { Terminal } from '../../terminal/terminal.js';
import { positionsIn } from './positions-in.js';
import { readHistories } from './history.js';

/** An account, with where it stands: one position, or that of each shard. */
type StandingAccount = AccountView & {
  readonly position?: number;
  readonly positionByShard?: Readonly<Record<string, number>>;
};

interface Wanted extends AtOptions {
  readonly participant: string;
  /** `1200`, or of several shards `0/1200,1/7`. */
  readonly after?: string | undefined;
}

/** What a log tells of one participant. */
class AccountFold extends FanOut {
  private readonly dealt: DealView[] = [];

  constructor(
    private readonly directory: DirectoryFold,
    private readonly wanted: { readonly participant: string; readonly after: number | undefined },
    private readonly parts = {
      intentions: new IntentionsFold({ participant: wanted.participant, status: 'open' }),
      ledger: new LedgerFold(),
      risk: new RiskFold(directory, wanted.participant),
    },
  ) {
    super([
      ...Object.values(parts),
      new TapeFold({ dealsKept: 1, candlesKept: 1, onDeal: (deal) => this.onDeal(deal) }),
    ]);
  }

  account(): AccountView {
    const { directory, dealt } = this;
    const { intentions, ledger, risk } = this.parts;
    const { participant } = this.wanted;
    const open = intentions.views();
    const account = {
      participant,
      intentions: open.slice(0, MAX_OPEN_INTENTIONS),
      positions: positionsIn({ directory, made: ledger }, { participant }),
      deals: dealt.slice(0, MAX_ROWS),
      moreDeals: dealt.length > MAX_ROWS,
      ...riskOf(risk.switches, risk.limits),
    };
    return open.length > MAX_OPEN_INTENTIONS ? { ...account, moreIntentions: true } : account;
  }

  /** One more than are shown tells that there are more. */
  private onDeal(deal: TapeDeal): void {
    const { participant, after } = this.wanted;
    if (after === undefined || deal.position <= after || this.dealt.length > MAX_ROWS) return;
    const id = this.directory.participantId(participant);
    if ([deal.initiatorParticipantId, deal.responderParticipantId].some((party) => party === id)) {
      this.dealt.push(dealView(this.directory, deal));
    }
  }
}

export function accountOfLog(terminal: Terminal, command: Command, wanted: Wanted): Promise<StandingAccount> {
  const read = async (market: ReadMarket): Promise<StandingAccount> => {
    const { participant } = wanted;
    const after = afterIn(market, wanted.after);
    const make = (directory: DirectoryFold, shard: number): AccountFold =>
      new AccountFold(directory, { participant, after: after.get(shard) });
    const histories = await readHistories(terminal, market, wanted, make);
    let left = MAX_ROWS;
    const accounts = histories.map(({ made, shard }) => {
      const account = made.account();
      const deals = account.deals.slice(0, left);
      left -= deals.length;
      const moreDeals = account.moreDeals || deals.length < account.deals.length;
      return { ...account, moreDeals, deals: market.isSharded ? deals.map((deal) => placed(shard, deal)) : deals };
    });
    const positions = histories.map(({ shard, position }) => [shard, position] as const);
    const [first] = histories;
    const where = market.isSharded
      ? { positionByShard: Object.fromEntries(positions) }
      : { position: first?.position ?? 0 };
    return { ...joinedAccounts(participant, accounts), ...where };
  };
  return readingMarket(terminal, command, read, [wanted.at]);
}

function afterIn(market: ReadMarket, text: string | undefined): ReadonlyMap<number, number> {
  if (text === undefined) return new Map();
  if (text.includes('/')) {
    return new Map(text.split(',').map(shardAndPosition));
  }
  const [only] = market.shards;
  if (market.isSharded || only === undefined) throw usage('--after: there are several shards, so it takes 0/1200,1/7');
  return new Map([[only, Number(text)]]);
}
