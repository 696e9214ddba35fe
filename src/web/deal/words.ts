import type { ChartJson, ChartRowJson } from '../../../projections/handshake/chart-json.js';

/** What happens in a row, in a sentence for somebody who has not seen a handshake yet. */
export function sentenceOf(row: ChartRowJson, chart: ChartJson): string {
  switch (row.kind) {
    case 'event':
      return `${capital(eventSentence(row, chart))}.`;
    case 'message':
      return `${capital(messageSentence(row, chart))}.`;
    case 'deal':
    case 'restart':
    case 'auction':
      return `${capital(row.text)}.`;
  }
}

function eventSentence(row: ChartRowJson, chart: ChartJson): string {
  const who = nameOf(row.at, chart);
  const { quantity = '', price } = row;
  const at = price === undefined ? '' : ` at ${price}`;
  switch (row.type) {
    case 'IntentionPosted':
      return `${who} is posted: ${quantity}${at}`;
    case 'ProposalMade':
      return `${who} reserves ${quantity}${at}, and its proposal is in the log`;
    case 'ProposalAccepted':
      return `${who} reserves ${quantity}${at}, and its acceptance is in the log`;
    case 'ProposalDeclined':
      return `${who} declines: ${afterColon(row.text)}`;
    case 'DealSettled':
      return `${who} settles: ${afterColon(row.text)}`;
    case 'IntentionReduced':
      return `${who} is reduced by ${quantity}`;
    case 'IntentionAmended':
      return `${who} is amended: ${quantity}${at}, with a new place in time`;
    case 'IntentionWithdrawn':
      return `${who} is withdrawn: ${afterColon(row.text)}`;
    case 'IntentionExpired':
      return `${who} expires`;
    case 'LateDecision':
      return `another decision, ${row.outcome ?? 'unknown'}, comes late and is ignored: the first one stands`;
    default:
      return `${who}: ${row.text}`;
  }
}

function messageSentence(row: ChartRowJson, chart: ChartJson): string {
  const from = nameOf(row.from, chart);
  const to = nameOf(row.to, chart);
  const terms = row.quantity === undefined || row.price === undefined ? '' : `: ${row.quantity} at ${row.price}`;
  const again = row.repeated === true ? ' again' : '';
  switch (row.message) {
    case 'announcement':
      return `the board announces ${from} to ${to}`;
    case 'proposal':
      return `${from} proposes${again} to ${to}${terms}`;
    case 'acceptance':
      return `${from} accepts${again}, and tells ${to}${terms}`;
    case 'decline':
      return `${from} tells ${to} that it declines`;
    case 'decision':
      if (row.outcome === 'confirmed') return `${from} has the ledger confirm${terms}. This one event makes the deal`;
      return `${from} has the ledger abort: ${afterColon(row.text)}. There is no deal`;
    case 'confirmation':
      return `${from} tells ${to} that the deal is confirmed`;
    case 'abort':
      return `${from} tells ${to} that the deal is aborted`;
    case 'lookUp':
      return `the ledger tells ${to}, which asked, that the deal is ${row.outcome ?? 'decided'}`;
    default:
      return row.text;
  }
}

/** `bob’s intention 1`, `the ledger`. */
function nameOf(lifeline: string | undefined, { lifelines }: ChartJson): string {
  if (lifeline === undefined || lifeline === 'ledger') return 'the ledger';
  const known = lifelines.find(({ intention }) => intention === lifeline);
  return known?.participant === undefined ? `intention ${lifeline}` : `${known.participant}’s intention ${lifeline}`;
}

function afterColon(text: string): string {
  return text.replace(/^[^:]*: ?/, '');
}

function capital(text: string): string {
  // A participant’s name stays as it is.
  return /^(the|another|intention|deal|restart|auction)\b/.test(text)
    ? `${text.charAt(0).toUpperCase()}${text.slice(1)}`
    : text;
}
