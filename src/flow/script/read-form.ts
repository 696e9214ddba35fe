import { priceRuleNames, type RefusalCode, refusals, selfTradeNames } from '../../exchange/commands.js';
import { id, level, levels, oneOf, signed, time, Unexpected, unsigned } from './fields.js';
import type { FlowLine, FlowTerms, PostLine } from './flow-line.js';

/** How the forms with more than a few fields are read. The first field is the keyword; how many there are has been looked at. */

const MAX_SCENARIO_NAME_CHARACTERS = 128;

export function readScenario(fields: readonly string[]): FlowLine {
  const name = fields[1] ?? '';
  if (name === '' || name.length > MAX_SCENARIO_NAME_CHARACTERS || /\p{C}/u.test(name)) {
    throw new Unexpected(`NAME of 1 to ${MAX_SCENARIO_NAME_CHARACTERS} visible characters`);
  }
  return { kind: 'scenario', name: Buffer.from(name).toString() };
}

export function readPhase(fields: readonly string[]): FlowLine {
  const phase = fields[1];
  if (phase !== 'call' && phase !== 'continuous') throw new Unexpected('');
  return { kind: 'phase', phase };
}

type Open<Line> = { -readonly [Field in keyof Line]: Line[Field] };

export function readInstrument(fields: readonly string[]): FlowLine {
  const terms: Open<FlowTerms> = {};
  const named = new Set<string | undefined>();
  for (let index = 1; index < fields.length; index += 2) {
    const [name, value] = [fields[index], fields[index + 1]];
    if (named.has(name)) throw new Unexpected(`${name ?? ''} once`);
    named.add(name);
    if (name === 'pricerule') terms.priceRule = oneOf(priceRuleNames, value, 'RULE');
    else if (name === 'selftrade') terms.selfTrade = oneOf(selfTradeNames, value, 'RULE');
    else terms[oneOf(['tick', 'lot', 'min', 'max'], name, 'the name of a term')] = unsigned(value, 'its value');
  }
  return { kind: 'instrument', terms };
}

export function readPost(fields: readonly string[]): FlowLine {
  const side = fields[2];
  if (side !== 'B' && side !== 'S') throw new Unexpected('B or S as third field');
  const post: Open<PostLine> = {
    kind: 'post',
    id: id(fields[1]),
    side: side === 'B' ? 'buy' : 'sell',
    price: fields[3] === 'market' ? 'market' : signed(fields[3], 'PRICE'),
    quantity: signed(fields[4], 'QTY'),
  };
  for (let index = 5; index < fields.length;) index += readOption(post, fields[index] ?? '', fields[index + 1]);
  return post;
}

/** Returns how many fields it takes. */
function readOption(post: Open<PostLine>, option: string, value: string | undefined): number {
  switch (option) {
    case 'gtc':
    case 'ioc':
    case 'fok':
    case 'gtd':
      if (post.timeInForce !== undefined) throw new Unexpected('one of gtc, ioc, fok and gtd at most');
      post.timeInForce = option;
      if (option !== 'gtd') return 1;
      post.expiresAtMs = time(value);
      return 2;
    case 'postonly':
      if (post.postOnly === true) throw new Unexpected('postonly once');
      post.postOnly = true;
      return 1;
    case 'by':
      if (post.by !== undefined) throw new Unexpected('one PARTICIPANT');
      post.by = participant(value);
      return 2;
    default:
      throw new Unexpected('nothing but `gtc`, `ioc`, `fok`, `gtd`, `postonly` and `by` after QTY');
  }
}

export function readReplace(fields: readonly string[]): FlowLine {
  const [, name, price, quantity] = fields;
  const by = givenBy(fields, 4);
  return { kind: 'replace', id: id(name), price: signed(price, 'PRICE'), quantity: signed(quantity, 'QTY'), by };
}

/** Whose command it is, where the fields from `at` on say so. */
export function givenBy(fields: readonly string[], at: number): string | undefined {
  if (fields.length === at) return undefined;
  if (fields.length !== at + 2 || fields[at] !== 'by') throw new Unexpected('');
  return participant(fields[at + 1]);
}

function participant(field: string | undefined): string {
  if (field === undefined || field === '') throw new Unexpected('PARTICIPANT after `by`');
  return id(field);
}

export function readDeal(fields: readonly string[]): FlowLine {
  const [, taker, maker, price, quantity] = fields;
  return { kind: 'deal', taker: id(taker), maker: id(maker), ...level(price, quantity) };
}

export function readBook(fields: readonly string[]): FlowLine {
  const asksAt = fields.indexOf('a');
  if (fields[1] !== 'b' || asksAt === -1) throw new Unexpected('`b`, the bids, `a`, the asks');
  return { kind: 'book', bids: levels(fields, 2, asksAt), asks: levels(fields, asksAt + 1, fields.length) };
}

export function readRejected(fields: readonly string[]): FlowLine {
  if (fields.length === 1) return { kind: 'rejected' };
  const code = fields[1] ?? '';
  if (!Object.hasOwn(refusals, code)) throw new Unexpected('a code with which the exchange refuses');
  return { kind: 'rejected', code: code as RefusalCode }; // it is one of its names
}
