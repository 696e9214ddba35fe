/** Draws what happened in a model as a sequence chart: a lifeline for each process, time downwards, messages where they arrive. */
import type { Event } from '../../src/events/event.js';
import type { Failure } from './explorer.js';
import type { Step } from './model/step.js';
import { placeOf, type Model } from './model/model.js';
import { messageKinds } from '../support/message-kinds.js';

const LANE = 44;
const GUTTER = 5;

const messageNames = new Map(Object.entries(messageKinds).map(([name, kind]) => [kind as number, name.toLowerCase()]));

export function tell(model: Model, { trace, findings }: Failure): string {
  const teller = new Teller(model);
  trace.forEach((step, index) => {
    teller.step(step, index + 1);
  });
  return teller.end(findings);
}

class Teller {
  private readonly lines: string[] = [];
  private readonly names: ReadonlyMap<number, string>;

  constructor(private readonly model: Model) {
    const postings = model.places.flatMap(({ posted, arriving }) => [...posted, ...arriving]);
    this.names = new Map(postings.map(({ id, name }) => [id, name]));
    const heads = model.places.map(({ shard, posted, arriving }) => {
      const who = [...posted, ...arriving].map(({ name, side, lots, priceTicks }) => {
        return `${name}: ${side === 0 ? 'buys' : 'sells'} ${lots} at ${priceTicks}`;
      });
      return [...who, `shard ${shard}`];
    });
    const height = Math.max(...heads.map(({ length }) => length));
    for (let line = 0; line < height; line++) {
      const row = this.blank();
      heads.forEach((head, place) => {
        put(row, laneOf(place), head[line - height + head.length] ?? '');
      });
      this.push(row);
    }
  }

  step(step: Step, number: number): void {
    const { place, message } = step;
    const lane = laneOf(place);
    if (message !== undefined) this.arrow(step, message, number);
    else {
      const row = this.drawn(number);
      row[lane] = step.kind === 'crash' || step.kind === 'stall' ? '╳' : '○';
      put(row, lane + 2, this.caption(step));
      this.push(row);
    }
    this.events(lane, '■', step.stored);
    this.events(lane, '●', step.recorded);
  }

  private events(lane: number, glyph: string, events: readonly Event[]): void {
    for (const event of events) {
      const row = this.drawn();
      row[lane] = glyph;
      put(row, lane + 2, this.event(event));
      this.push(row);
    }
  }

  end(findings: readonly string[]): string {
    return `${[...this.lines, '', ...findings.map((finding) => `  ${this.named(finding)}`)].join('\n')}\n`;
  }

  private caption({ kind, note, isOld }: Step): string {
    const who = isOld ? 'the old writer: ' : '';
    switch (kind) {
      case 'commit':
        return `${who}its batch is durable, its messages leave`;
      case 'deadline':
        return `${who}${this.named(note)} passes`;
      case 'ledger':
        return `${who}reads the ledger: ${this.named(note)}`;
      case 'post':
        return `${who}a client posts`;
      default:
        return `${who}${note}`;
    }
  }

  private arrow(step: Step, message: NonNullable<Step['message']>, number: number): void {
    const to = laneOf(step.place);
    const from = laneOf(placeOf(this.model, message.fromId));
    const name = messageNames.get(message.kind) ?? 'message';
    const lots = message.lots > 0 ? ` of ${message.lots}` : '';
    const deal = message.dealNumber > 0 ? ` #${message.dealNumber}` : '';
    const text = ` ${name}${deal}${lots}${step.isOld ? ', to the old writer' : ''} `;
    const row = this.drawn(number);
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    for (let at = low + 1; at < high; at++) row[at] = '─';
    row[to > from ? high - 1 : low + 1] = to > from ? '►' : '◄';
    put(row, low + Math.max(2, Math.floor((Math.min(high - low, LANE) - text.length) / 2)), text);
    this.push(row);
  }

  private event(event: Event): string {
    const lots = 'quantityLots' in event && event.quantityLots > 0 ? ` of ${event.quantityLots}` : '';
    switch (event.type) {
      case 'ProposalMade':
        return `ProposalMade #${event.dealNumber}${lots} to ${this.nameOf(event.counterpartyId)}`;
      case 'ProposalAccepted':
      case 'ProposalDeclined':
      case 'DealConfirmed':
        return `${event.type} ${this.deal(event)}${lots}`;
      case 'DealAborted':
        return `DealAborted ${this.deal(event)}: ${event.reason}`;
      case 'DealSettled':
        return `DealSettled ${this.deal(event)} by ${this.nameOf(event.intentionId)}: ${event.outcome}${lots}`;
      case 'IntentionPosted':
        return `IntentionPosted: ${this.nameOf(event.intentionId)}${lots}`;
      default:
        return event.type;
    }
  }

  private deal({ initiatorId, dealNumber }: { initiatorId: number; dealNumber: number }): string {
    return `${this.nameOf(initiatorId)} #${dealNumber}`;
  }

  private nameOf(id: number): string {
    return this.names.get(id) ?? String(id);
  }

  /** With names where a finding has ids. */
  private named(text: string): string {
    return text
      .replaceAll(/\b(\d+)-(\d+)\b/g, (_, id: string, number: string) => `${this.nameOf(Number(id))} #${number}`)
      .replaceAll(/\bintention (\d+)\b/g, (_, id: string) => this.nameOf(Number(id)));
  }

  private blank(): string[] {
    return Array.from({ length: GUTTER + LANE * this.model.places.length }, () => ' ');
  }

  private drawn(number?: number): string[] {
    const row = this.blank();
    if (number !== undefined) put(row, 0, String(number).padStart(GUTTER - 2));
    this.model.places.forEach((_, place) => (row[laneOf(place)] = '│'));
    return row;
  }

  private push(row: readonly string[]): void {
    this.lines.push(row.join('').trimEnd());
  }
}

function laneOf(place: number): number {
  return GUTTER + LANE * place;
}

/** Writes over what stands there; a text too long for its lane runs into the next. */
function put(row: string[], at: number, text: string): void {
  for (let index = 0; index < text.length; index++) row[at + index] = text[index] ?? ' ';
}
