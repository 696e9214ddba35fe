import { withdrawReasonNames } from '../../exchange/commands.js';
import { id, level, oneOf, signed, time, unsigned } from './fields.js';
import { BOOK_DEPTH, type FlowLine } from './flow-line.js';
import {
  givenBy,
  readBook,
  readDeal,
  readInstrument,
  readPhase,
  readPost,
  readRejected,
  readReplace,
  readScenario,
} from './read-form.js';

/** One form of line: what it looks like, what it means, and how it is read. Errors and the reference page are made from it. */
export interface Form {
  readonly is: 'command' | 'expectation';
  /** In capitals what stands for a value, in brackets what may be left out. */
  readonly syntax: string;
  /** For the reference page: whole sentences, values and keywords in backquotes. */
  readonly means: string;
  readonly example: string;
  readonly fieldsMin: number;
  readonly fieldsMax: number;
  readonly read: (fields: readonly string[]) => FlowLine;
}

/**
 * The grammar, one form a keyword. Fields are split by exactly one space. Spaces at the end of a line, and a comment that
 * begins with ` #`, are tolerated: neither can change what a line means. Everything else that is not of these forms, such
 * as a tab, a second space, a leading zero or a `+`, is refused.
 */
export const forms = {
  scenario: {
    is: 'command',
    syntax: 'scenario NAME',
    means:
      'Start again with an empty exchange: an instrument of its own, on which nobody has traded, named after it. Ids and times begin again. ' +
      'A file whose first command is another one begins with a scenario that is named after the file. ' +
      'A scenario begins in call phase where the first `phase`, `uncross` or `deal` line in it is an `uncross`, in continuous trading otherwise.',
    example: 'scenario opening',
    fieldsMin: 2,
    fieldsMax: 2,
    read: readScenario,
  },
  instrument: {
    is: 'command',
    syntax: 'instrument [tick PRICE] [lot QTY] [min PRICE] [max PRICE] [pricerule RULE] [selftrade RULE]',
    means:
      'The terms of the instrument; what the line does not name stays as it was. Directly after `scenario`, or as the first command of the file, ' +
      'it is listed with them; later they change, and the exchange then refuses another tick or lot. Unless said otherwise tick and lot are 1, ' +
      'every price that can be counted is within the band, `pricerule` is `standing` and `selftrade` is `allow`. ' +
      '`pricerule standing|seller|midpoint`: whose limit a deal in continuous trading is made at, the midpoint rounded down to a tick. ' +
      '`selftrade allow|refuseArriving|withdrawStanding`: what happens where a participant’s intention would meet another of the same participant.',
    example: 'instrument tick 5 lot 100 min 9000 max 11000 pricerule midpoint selftrade withdrawStanding',
    fieldsMin: 3,
    fieldsMax: 13,
    read: readInstrument,
  },
  phase: {
    is: 'command',
    syntax: 'phase call|continuous',
    means:
      '`call`: intentions are collected and none deals; limits that are `ioc`, `fok` or `postonly` are refused. `continuous`: they deal as they arrive; market intentions that were collected are withdrawn, ' +
      'and a book that is crossed is refused (`WRONG_PHASE`): `uncross` it first.',
    example: 'phase call',
    fieldsMin: 2,
    fieldsMax: 2,
    read: readPhase,
  },
  at: {
    is: 'command',
    syntax: 'at TIME',
    means:
      'Time passes until then, and what expires on the way expires, each at its own time. Times are counted from the beginning of the scenario ' +
      'and never go back; without an `at` line each command is a millisecond later than the one before.',
    example: 'at 09:30:00',
    fieldsMin: 2,
    fieldsMax: 2,
    read: (fields) => ({ kind: 'at', timeMs: time(fields[1]) }),
  },
  post: {
    is: 'command',
    syntax: 'post ID B|S PRICE|market QTY [gtc|ioc|fok|gtd TIME] [postonly] [by PARTICIPANT]',
    means:
      'Post an intention to buy (`B`) or sell (`S`) QTY at PRICE or better, or at any price (`market`). `ioc`: what does not deal at once is withdrawn. ' +
      '`fok`: it deals whole at once, or not at all. `gtd TIME`: it expires then. `gtc`: none of these, which is how a limit stands unless said otherwise; ' +
      'one at `market` is `ioc` unless said otherwise, and in a call phase is kept for the auction. `postonly`: it is refused where it would deal at once. ' +
      '`by`: the participant; without it all buyers are one, `buyer`, and all sellers another, `seller`. An id may be used again once its intention is closed. ' +
      'A command without `deal` lines after it must make no deal.',
    example: 'post b7 B 10050 300 gtd 16:00 postonly by alice',
    fieldsMin: 5,
    fieldsMax: 10,
    read: readPost,
  },
  withdraw: {
    is: 'command',
    syntax: 'withdraw ID [by PARTICIPANT]',
    means:
      'Withdraw what is left. `by`: as this participant, who may withdraw its own only; without it as an operator.',
    example: 'withdraw b7 by alice',
    fieldsMin: 2,
    fieldsMax: 4,
    read: (fields) => ({ kind: 'withdraw', id: id(fields[1]), by: givenBy(fields, 2) }),
  },
  reduce: {
    is: 'command',
    syntax: 'reduce ID QTY [by PARTICIPANT]',
    means: 'Make it smaller by QTY; it keeps its place in the queue. By all that is left: withdraw it.',
    example: 'reduce b7 100',
    fieldsMin: 3,
    fieldsMax: 5,
    read: (fields) => ({
      kind: 'reduce',
      id: id(fields[1]),
      quantity: signed(fields[2], 'QTY'),
      by: givenBy(fields, 3),
    }),
  },
  replace: {
    is: 'command',
    syntax: 'replace ID PRICE QTY [by PARTICIPANT]',
    means: 'A new limit, and QTY left from now on. It loses its place, and may deal at once.',
    example: 'replace b7 10055 200',
    fieldsMin: 4,
    fieldsMax: 6,
    read: readReplace,
  },
  uncross: {
    is: 'command',
    syntax: 'uncross PRICE VOLUME',
    means:
      'Run the call auction; an expectation too: of its price and of how much it deals. `0 0` where nothing can be dealt. Expectations of deals after it are ' +
      '`deal BUYER SELLER PRICE QTY` lines, all of them and in order, or `fill` lines; without any, price and volume are all that is expected.',
    example: 'uncross 10050 400',
    fieldsMin: 3,
    fieldsMax: 3,
    read: (fields) => ({
      kind: 'uncross',
      price: unsigned(fields[1], 'PRICE'),
      volume: unsigned(fields[2], 'VOLUME'),
    }),
  },
  deal: {
    is: 'expectation',
    syntax: 'deal TAKER MAKER PRICE QTY',
    means:
      'The next deal of the command: the arriving intention, the standing one, price and quantity. After `uncross` the buyer, then the seller.',
    example: 'deal s9 b7 10050 100',
    fieldsMin: 5,
    fieldsMax: 5,
    read: readDeal,
  },
  fill: {
    is: 'expectation',
    syntax: 'fill ID PRICE QTY',
    means:
      'After `uncross`: all that this intention dealt in the auction, with whomever. Where there is one `fill` line, no intention deals that none names; ' +
      'those at market need not be named.',
    example: 'fill b7 10050 300',
    fieldsMin: 4,
    fieldsMax: 4,
    read: (fields) => ({ kind: 'fill', id: id(fields[1]), ...level(fields[2], fields[3]) }),
  },
  book: {
    is: 'expectation',
    syntax: 'book b PRICE QTY … a PRICE QTY …',
    means: `The ${BOOK_DEPTH} best levels of each side after the command, best first, with the total quantity of each; fewer where there are fewer.`,
    example: 'book b 10050 300 10045 100 a 10060 500',
    fieldsMin: 3,
    fieldsMax: 3 + 4 * BOOK_DEPTH,
    read: readBook,
  },
  top: {
    is: 'expectation',
    syntax: 'top BIDPRICE BIDQTY ASKPRICE ASKQTY',
    means: 'The best level of each side after the command. Quantity 0: the side is empty, whatever the price says.',
    example: 'top 10050 300 0 0',
    fieldsMin: 5,
    fieldsMax: 5,
    read: (fields) => ({ kind: 'top', bid: level(fields[1], fields[2]), ask: level(fields[3], fields[4]) }),
  },
  rejected: {
    is: 'expectation',
    syntax: 'rejected [CODE]',
    means:
      'The command is refused, with this code where one is named (all codes: [errors](errors.md)), and nothing changes. A command without it must be taken.',
    example: 'rejected POST_ONLY_WOULD_DEAL',
    fieldsMin: 1,
    fieldsMax: 2,
    read: readRejected,
  },
  expired: {
    is: 'expectation',
    syntax: 'expired ID',
    means:
      'The time of this intention came, at this command or on the way to it. One that expires and is not named is a mismatch.',
    example: 'expired b7',
    fieldsMin: 2,
    fieldsMax: 2,
    read: (fields) => ({ kind: 'expired', id: id(fields[1]) }),
  },
  withdrawn: {
    is: 'expectation',
    syntax: 'withdrawn ID REASON',
    means:
      `What was left of this intention is withdrawn by the command, for this reason: \`${withdrawReasonNames.join('`, `')}\`. ` +
      'One that is withdrawn as a self-trade and is not named is a mismatch; the others need not be named.',
    example: 'withdrawn b7 selfTrade',
    fieldsMin: 3,
    fieldsMax: 3,
    read: (fields) => ({
      kind: 'withdrawn',
      id: id(fields[1]),
      reason: oneOf(withdrawReasonNames, fields[2], 'REASON'),
    }),
  },
} as const satisfies Readonly<Record<string, Form>>;

/** In the order in which people learn them. */
export const formList: readonly Form[] = Object.values(forms);

/** The first word of a line that is no comment. */
export type Keyword = keyof typeof forms;
