/**
 * Positions, added up without the naive exchange: what is held at a position, and the deals that the events from there on confirm,
 * must come to what is held at the end.
 */
import { unitsOf } from './naive/decimals.js';
import type { Finding } from './findings.js';
import { type Json, type LogEvent, type Operation, positionIn } from './history.js';
import { wordsOf } from './same.js';

/** Bought, sold and cash by participant and instrument, each in units of the smallest decimal. */
type Totals = Map<string, readonly [bigint, bigint, bigint]>;

interface Terms {
  readonly symbol: string;
  /** One tick and one lot in units of the last decimal, and how many decimals there are. */
  readonly tick: bigint;
  readonly lot: bigint;
  readonly cashDecimals: number;
  readonly lotDecimals: number;
}

/** Lists of all positions of everybody, each with all that follows it up to the last of them. */
export function checkSums(
  operations: readonly Operation[],
  log: readonly LogEvent[],
): { findings: Finding[]; checked: number } {
  const lists = operations.filter(isWhole).sort((one, other) => (at(one) ?? 0) - (at(other) ?? 0));
  const last = lists.at(-1);
  const findings: Finding[] = [];
  if (last === undefined) return { findings, checked: 0 };
  const deals = dealsIn(log);
  const expected = totalsOf(last, deals.terms);
  for (const list of lists) {
    const totals = totalsOf(list, deals.terms);
    for (const { position, rows } of deals.all) {
      if (position >= (at(list) ?? 0) && position < (at(last) ?? 0)) for (const row of rows) add(totals, ...row);
    }
    const wrong = [...expected.keys(), ...totals.keys()].find(
      (key) => String(totals.get(key)) !== String(expected.get(key)),
    );
    if (wrong === undefined) continue;
    const come = `with the deals from there to ${at(last)}, ${wrong} comes to ${words(totals.get(wrong))}`;
    const message = `${wordsOf(list)}: ${come}, and is ${words(expected.get(wrong))} there`;
    findings.push({ kind: 'sum', about: 'positions', position: at(list), message });
  }
  return { findings, checked: lists.length };
}

function at({ reply }: Operation): number | undefined {
  return positionIn(reply);
}

function isWhole(operation: Operation): boolean {
  const { ask, reply } = operation;
  if (ask.kind !== 'positions' || ask.participant !== undefined || reply?.status !== 200) return false;
  return at(operation) !== undefined && rowsOf(operation).length < ask.limit;
}

function rowsOf({ reply }: Operation): readonly Json[] {
  const rows = reply?.body.positions;
  return Array.isArray(rows) ? (rows as readonly Json[]) : []; // rows of a list are objects
}

function totalsOf(list: Operation, terms: ReadonlyMap<number, Terms>): Totals {
  const bySymbol = new Map([...terms.values()].map((one) => [one.symbol, one]));
  return new Map(
    rowsOf(list).map(({ participant, instrument, bought, sold, cash }) => {
      const { lotDecimals = 0, cashDecimals = 0 } = bySymbol.get(String(instrument)) ?? {};
      const units = [unitsOf(String(bought), lotDecimals), unitsOf(String(sold), lotDecimals)] as const;
      return [`${String(participant)} ${String(instrument)}`, [...units, signed(String(cash), cashDecimals)]];
    }),
  );
}

function signed(text: string, decimals: number): bigint {
  return text.startsWith('-') ? -unitsOf(text.slice(1), decimals) : unitsOf(text, decimals);
}

type Row = readonly [key: string, bought: bigint, sold: bigint, cash: bigint];

function dealsIn(log: readonly LogEvent[]) {
  const terms = new Map<number, Terms>();
  const names = new Map<number, string>();
  const all: { readonly position: number; readonly rows: readonly Row[] }[] = [];
  for (const event of log) {
    if (event.type === 'InstrumentListed') terms.set(Number(event.instrumentId), termsIn(event));
    else if (event.type === 'ParticipantAdmitted') names.set(Number(event.participantId), String(event.name));
    else if (event.type === 'DealConfirmed')
      all.push({ position: event.position, rows: rowsOfDeal(event, terms, names) });
  }
  return { terms, all };
}

function termsIn({ symbol, tickSize, priceDecimals, lotSize, quantityDecimals }: LogEvent): Terms {
  const lotDecimals = Number(quantityDecimals);
  const steps = { tick: BigInt(Number(tickSize)), lot: BigInt(Number(lotSize)) };
  return { symbol: String(symbol), ...steps, cashDecimals: Number(priceDecimals) + lotDecimals, lotDecimals };
}

function rowsOfDeal(event: LogEvent, terms: ReadonlyMap<number, Terms>, names: ReadonlyMap<number, string>): Row[] {
  const { symbol = '', tick = 1n, lot = 1n } = terms.get(Number(event.instrumentId)) ?? {};
  const bought = BigInt(Number(event.quantityLots)) * lot;
  const cash = BigInt(Number(event.priceTicks)) * tick * bought;
  const parties = [event.initiatorParticipantId, event.responderParticipantId].map((id) => names.get(Number(id)) ?? '');
  const [buyer, seller] = event.initiatorSide === 'buy' ? parties : [...parties].reverse();
  return [
    [`${buyer} ${symbol}`, bought, 0n, -cash],
    [`${seller} ${symbol}`, 0n, bought, cash],
  ];
}

function add(totals: Totals, key: string, bought: bigint, sold: bigint, cash: bigint): void {
  const [boughtBefore, soldBefore, cashBefore] = totals.get(key) ?? [0n, 0n, 0n];
  totals.set(key, [boughtBefore + bought, soldBefore + sold, cashBefore + cash]);
}

function words(totals: readonly [bigint, bigint, bigint] | undefined): string {
  return totals === undefined
    ? 'nothing'
    : `bought ${totals[0]}, sold ${totals[1]}, cash ${totals[2]} (in smallest units)`;
}
