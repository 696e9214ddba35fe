import { operator } from '../api/access.js';
import { type Command, readCommand } from '../api/command-body.js';
import { type Problem, problem } from '../api/problem.js';
import { readJson } from '../api/read-json.js';

/** As much as the body of a request. What is sent on must still fit into a record, and no command needs so much. */
const MOST_BYTES = 65_536;

/** Reads a command from a topic, or says why it is none. */
export function readTopicCommand(value: Uint8Array): Command | Problem {
  if (value.length > MOST_BYTES) return problem('INVALID_COMMAND', 'a command is 64 KiB at most');
  const read = readText(value);
  if ('code' in read) return problem('INVALID_COMMAND', read.detail);
  if (Array.isArray(read.value)) return problem('INVALID_COMMAND', 'a command is a JSON object');
  // A producer that may write to the topic may act for everybody: the brokers' access rules say which may.
  const command = readCommand(read.value, operator);
  return 'code' in command ? problem('INVALID_COMMAND', command.detail) : command;
}

function readText(value: Uint8Array): ReturnType<typeof readJson> {
  let text: string;
  try {
    // A byte order mark is for readJson to refuse, not for the decoder to drop.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return problem('MALFORMED_JSON', 'it is not UTF-8');
  }
  return readJson(text, 'it');
}
