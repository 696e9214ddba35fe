/** Acknowledgements as JSON, written by hand: a third of the time of JSON.stringify, and every post needs one. */
import { quoted } from '../../events/json-text.js';
import type { IntentionAcknowledged } from '../../exchange/commands.js';
import type { Problem } from '../../api/problem.js';
import { statusOf } from '../problem-details.js';

function fieldsOf(ack: IntentionAcknowledged): string {
  const price = ack.price === undefined ? '' : `,"price":"${ack.price}"`;
  const expiresAt = ack.expiresAt === undefined ? '' : `,"expiresAt":"${ack.expiresAt}"`;
  return (
    `"id":"${ack.id}","clientIntentionId":${quoted(ack.clientIntentionId)},"participant":${quoted(ack.participant)}` +
    `,"instrument":${quoted(ack.instrument)},"side":"${ack.side}","type":"${ack.type}"${price}` +
    `,"quantity":"${ack.quantity}","timeInForce":"${ack.timeInForce}"${expiresAt}` +
    `,"postOnly":${ack.postOnly ? 'true' : 'false'},"position":${ack.position}}`
  );
}

/** The body of a 201. */
export function ackJson(ack: IntentionAcknowledged): string {
  return `{${fieldsOf(ack)}`;
}

/** One line of a stream of answers, with its line end. */
export function ackLine(line: number, ack: IntentionAcknowledged): string {
  return `{"line":${line},"status":201,${fieldsOf(ack)}\n`;
}

/** One line of a stream of answers: why the line was refused. */
export function problemLine(line: number, { code, detail }: Problem): string {
  return `{"line":${line},"status":${statusOf[code]},"code":"${code}","detail":${JSON.stringify(detail)}}\n`;
}
