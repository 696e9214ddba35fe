import type { IntentionAcknowledged } from '../../exchange/commands.js';
import type { Command } from '../../api/command-body.js';
import { ackJson } from '../posts/post-answer.js';
import { problemJson, statusOf } from '../problem-details.js';
import type { Carried } from './carry-out.js';

/** A command's answer as its route sends it. */
export interface CommandReply {
  /** HTTP's. */
  readonly status: number;
  /** The body: JSON, of a refusal the problem's. */
  readonly json: string;
}

export function replyTo({ verb }: Command, answer: Carried): CommandReply {
  if (!answer.ok) return { status: statusOf[answer.code], json: problemJson(answer) };
  if (verb === 'post') return { status: 201, json: ackJson(answer as IntentionAcknowledged) }; // a post is answered as a post
  const { ok: _ok, ...body } = answer;
  return { status: 200, json: JSON.stringify(body) };
}
