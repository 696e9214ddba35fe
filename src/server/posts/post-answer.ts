/** Acknowledgements as JSON, written by hand: a third of the time of JSON.stringify, and every post needs one. */
import { quoted } from '../../events/json-text.js';
import type { DealtAtOnce, IntentionAcknowledged } from '../../exchange/commands.js';
import type { Problem } from '../../api/problem.js';
import { statusOf } from '../problem-details.js';

/** `statusName`: what its status is called where `status` is HTTP's. */
function fieldsOf(ack: IntentionAcknowledged, statusName: 'status' | 'intentionStatus'): string {
  const price = ack.price === undefined ? '' : `,"price":"${ack.price}"`;
  const expiresAt = ack.expiresAt === undefined ? '' : `,"expiresAt":"${ack.expiresAt}"`;
  const averagePrice = ack.averagePrice === undefined ? '' : `,"averagePrice":"${ack.averagePrice}"`;
  const closedReason = ack.closedReason === undefined ? '' : `,"closedReason":"${ack.closedReason}"`;
  const leftOut = ack.dealsLeftOut === undefined ? '' : `,"dealsLeftOut":${ack.dealsLeftOut}`;
  return (
    `"id":"${ack.id}","clientIntentionId":${quoted(ack.clientIntentionId)},"participant":${quoted(ack.participant)}` +
    `,"instrument":${quoted(ack.instrument)},"side":"${ack.side}","type":"${ack.type}"${price}` +
    `,"quantity":"${ack.quantity}","timeInForce":"${ack.timeInForce}"${expiresAt}` +
    `,"postOnly":${ack.postOnly ? 'true' : 'false'},"position":${ack.position},"${statusName}":"${ack.status}"` +
    `,"filled":"${ack.filled}","open":"${ack.open}"${averagePrice}${closedReason},"deals":${dealsText(ack.deals)}${leftOut}}`
  );
}

function dealsText(deals: readonly DealtAtOnce[]): string {
  if (deals.length === 0) return '[]';
  let text = '[';
  for (const { id, price, quantity, position } of deals) {
    if (text !== '[') text += ',';
    text += `{"id":"${id}","price":"${price}","quantity":"${quantity}","position":${position}}`;
  }
  return `${text}]`;
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
