import { id, level, levels, signed, Unexpected, unsigned } from './fields.js';
import { FlowError, type FlowPlace, quoted } from './flow-error.js';
import { BOOK_DEPTH, type FlowLine } from './flow-line.js';

/**
 * The grammar, one form a keyword. Fields are split by exactly one space. Spaces at the end of a line, and a comment that
 * begins with ` #`, are tolerated: neither can change what a line means. Everything else that is not of these forms, such
 * as a tab, a second space, a leading zero or a `+`, is refused.
 */
interface Form {
  readonly shape: string;
  readonly fieldsMin: number;
  readonly fieldsMax: number;
  readonly read: (fields: readonly string[]) => FlowLine;
}

const MAX_SCENARIO_NAME_CHARACTERS = 128;

const forms = new Map<string, Form>([
  ['scenario', { shape: 'scenario NAME', fieldsMin: 2, fieldsMax: 2, read: readScenario }],
  ['phase', { shape: 'phase call|continuous', fieldsMin: 2, fieldsMax: 2, read: readPhase }],
  ['post', { shape: 'post ID B|S PRICE|market QTY [ioc]', fieldsMin: 5, fieldsMax: 6, read: readPost }],
  ['withdraw', { shape: 'withdraw ID', fieldsMin: 2, fieldsMax: 2, read: (f) => ({ kind: 'withdraw', id: id(f[1]) }) }],
  ['reduce', { shape: 'reduce ID QTY', fieldsMin: 3, fieldsMax: 3, read: readReduce }],
  ['replace', { shape: 'replace ID PRICE QTY', fieldsMin: 4, fieldsMax: 4, read: readReplace }],
  ['uncross', { shape: 'uncross PRICE VOLUME', fieldsMin: 3, fieldsMax: 3, read: readUncross }],
  ['deal', { shape: 'deal TAKER MAKER PRICE QTY', fieldsMin: 5, fieldsMax: 5, read: readDeal }],
  ['fill', { shape: 'fill ID PRICE QTY', fieldsMin: 4, fieldsMax: 4, read: readFill }],
  ['book', { shape: 'book b PRICE QTY … a PRICE QTY …', fieldsMin: 3, fieldsMax: 3 + 4 * BOOK_DEPTH, read: readBook }],
  ['top', { shape: 'top BIDPRICE BIDQTY ASKPRICE ASKQTY', fieldsMin: 5, fieldsMax: 5, read: readTop }],
  ['rejected', { shape: 'rejected', fieldsMin: 1, fieldsMax: 1, read: () => ({ kind: 'rejected' }) }],
]);

const BLANK: FlowLine = { kind: 'blank' };

/** Reads one line, given without its line end. Throws a FlowError that says what was expected. */
export function parseFlowLine(text: string, where: FlowPlace): FlowLine {
  const content = withoutTail(text);
  if (content === '') return BLANK;
  if (content.startsWith('#')) return { kind: 'comment', text: content.slice(1).trim() };
  const fields = content.split(' ');
  const form = forms.get(fields[0] ?? '');
  try {
    if (form === undefined) throw new Unexpected(`one of ${[...forms.keys()].join(', ')}`);
    if (fields.length < form.fieldsMin || fields.length > form.fieldsMax) throw new Unexpected('');
    return form.read(fields);
  } catch (cause) {
    if (!(cause instanceof Unexpected)) throw cause;
    const what = [form && `\`${form.shape}\``, cause.message].filter(Boolean).join(', with ');
    throw new FlowError('FLOW_MALFORMED_LINE', where, `expected ${what}; found ${quoted(text)}`);
  }
}

function withoutTail(text: string): string {
  const comment = text.startsWith('#') ? -1 : text.indexOf(' #');
  let end = comment === -1 ? text.length : comment;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

function readScenario(fields: readonly string[]): FlowLine {
  const name = fields[1] ?? '';
  if (name === '' || name.length > MAX_SCENARIO_NAME_CHARACTERS || /\p{C}/u.test(name)) {
    throw new Unexpected(`NAME of 1 to ${MAX_SCENARIO_NAME_CHARACTERS} visible characters`);
  }
  return { kind: 'scenario', name: Buffer.from(name).toString() };
}

function readPhase(fields: readonly string[]): FlowLine {
  const phase = fields[1];
  if (phase !== 'call' && phase !== 'continuous') throw new Unexpected('');
  return { kind: 'phase', phase };
}

function readPost(fields: readonly string[]): FlowLine {
  const side = fields[2];
  if (side !== 'B' && side !== 'S') throw new Unexpected('B or S as third field');
  if (fields.length === 6 && fields[5] !== 'ioc') throw new Unexpected('nothing but `ioc` as sixth field');
  return {
    kind: 'post',
    id: id(fields[1]),
    side: side === 'B' ? 'buy' : 'sell',
    price: fields[3] === 'market' ? 'market' : signed(fields[3], 'PRICE'),
    quantity: signed(fields[4], 'QTY'),
    ioc: fields.length === 6,
  };
}

function readReduce(fields: readonly string[]): FlowLine {
  return { kind: 'reduce', id: id(fields[1]), quantity: signed(fields[2], 'QTY') };
}

function readReplace(fields: readonly string[]): FlowLine {
  const [, name, price, quantity] = fields;
  return { kind: 'replace', id: id(name), price: signed(price, 'PRICE'), quantity: signed(quantity, 'QTY') };
}

function readUncross(fields: readonly string[]): FlowLine {
  return { kind: 'uncross', price: unsigned(fields[1], 'PRICE'), volume: unsigned(fields[2], 'VOLUME') };
}

function readDeal(fields: readonly string[]): FlowLine {
  const [, taker, maker, price, quantity] = fields;
  return { kind: 'deal', taker: id(taker), maker: id(maker), ...level(price, quantity) };
}

function readFill(fields: readonly string[]): FlowLine {
  return { kind: 'fill', id: id(fields[1]), ...level(fields[2], fields[3]) };
}

function readBook(fields: readonly string[]): FlowLine {
  const asksAt = fields.indexOf('a');
  if (fields[1] !== 'b' || asksAt === -1) throw new Unexpected('`b`, the bids, `a`, the asks');
  return { kind: 'book', bids: levels(fields, 2, asksAt), asks: levels(fields, asksAt + 1, fields.length) };
}

function readTop(fields: readonly string[]): FlowLine {
  return { kind: 'top', bid: level(fields[1], fields[2]), ask: level(fields[3], fields[4]) };
}
