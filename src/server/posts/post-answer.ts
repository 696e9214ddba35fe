/** Acknowledgements as JSON, written by hand: a third of the time of JSON.stringify, and every post needs one. */
import { quoted } from '../../events/json-text.js';
import type { DealtAtOnce, IntentionAcknowledged } from '../../exchange/commands.js';
import type { Problem } from '../../api/problem.js';
import { statusOf } from '../problem-details.js';

/**
 * All but the opening brace, as one template: of each that stands within another V8 makes a tree of its own. `statusName`: what its status is
 * called where `status` is HTTP's. Who posts and what is counted hold nothing that JSON escapes; a symbol may, in a log
 * that was tampered with.
 */
function fieldsOf(ack: IntentionAcknowledged, statusName: 'status' | 'intentionStatus'): string {
  const { price, expiresAt, averagePrice, closedReason, dealsLeftOut } = ack;
  const limit = price === undefined ? '' : `,"price":"${price}"`;
  const expiry = expiresAt === undefined ? '' : `,"expiresAt":"${expiresAt}"`;
  const average = averagePrice === undefined ? '' : `,"averagePrice":"${averagePrice}"`;
  const closed = closedReason === undefined ? '' : `,"closedReason":"${closedReason}"`;
  const leftOut = dealsLeftOut === undefined ? '' : `,"dealsLeftOut":${dealsLeftOut}`;
  return `"id":"${ack.id}","clientIntentionId":${quoted(ack.clientIntentionId)},"participant":"${ack.participant}","instrument":${quoted(ack.instrument)},"side":"${ack.side}","type":"${ack.type}"${limit},"quantity":"${ack.quantity}","timeInForce":"${ack.timeInForce}"${expiry},"postOnly":${ack.postOnly ? 'true' : 'false'},"position":${ack.position},"${statusName}":"${ack.status}","filled":"${ack.filled}","open":"${ack.open}"${average}${closed},"deals":[${dealsText(ack.deals)}]${leftOut}}`;
}

function dealsText(deals: readonly DealtAtOnce[]): string {
  let text = '';
  for (const { id, price, quantity, position } of deals) {
    if (text !== '') text += ',';
    text += `{"id":"${id}","price":"${price}","quantity":"${quantity}","position":${position}}`;
  }
  return text;
}

/** The body of a 201. */
export function ackJson(ack: IntentionAcknowledged): string {
  return `{${fieldsOf(ack, 'status')}`;
}

/** One line of a stream of answers, with its line end. */
export function ackLine(line: number, ack: IntentionAcknowledged): string {
  return `{"line":${line},"status":201,${fieldsOf(ack, 'intentionStatus')}\n`;
}

/** One line of a stream of answers, with its line end: what another command than a post did. */
export function doneLine(line: number, answer: object): string {
  const { ok: _ok, status: intentionStatus, ...fields }: { ok?: unknown; status?: unknown } = answer;
  return `${JSON.stringify({ line, status: 200, ...fields, intentionStatus })}\n`;
}

/** One line of a stream of answers: why the line was refused. */
export function problemLine(line: number, { code, detail, intentionStatus }: Problem): string {
  const ended = intentionStatus === undefined ? '' : `,"intentionStatus":"${intentionStatus}"`;
  return `{"line":${line},"status":${statusOf[code]},"code":"${code}","detail":${JSON.stringify(detail)}${ended}}\n`;
}
