/** `docs/reference/errors.md`: every code that says no, from the tables beside them. */
import { type FindingKind, findingKinds } from '../../../projections/audit/findings.js';
import { type InvariantNumber, invariants } from '../../../projections/invariants.js';
import { remedyOf, serverCodeSays } from '../../../src/api/problem-help.js';
import type { ProblemCode } from '../../../src/api/problem.js';
import { ExitCode } from '../../../src/app/exit.js';
import { fatalErrors } from '../../../src/app/fatal-errors.js';
import { refusals } from '../../../src/domain/refusal.js';
import { flowErrors } from '../../../src/flow/flow-error.js';
import { statusOf } from '../../../src/server/problem-details.js';
import { anchorOf, code, paragraphs, prose, table } from '../markdown.js';

const intro = `Every code with which Parley says no, what it means, and what to do. A code keeps its meaning permanently; the words beside it are for
people and may change. Which route answers with which codes stands in [HTTP](http.md); exit codes of the command line in
[the command line](command-line.md#exit-codes).`;

const problems = `A server refuses with \`application/problem+json\` (RFC 9457): \`type\`, \`title\`, \`status\`, \`code\`, \`detail\` and \`instance\`. On a
stream of posts a refused line is answered with \`line\`, \`status\`, \`code\` and \`detail\`. A dead letter on Kafka has the code in its header
\`parley-code\`, which is \`UNREADABLE_COMMAND\` where the command is no JSON of the known form.

- **4xx: nothing was done.** No event was appended, and nothing has changed.
- **5xx to a command: unknown.** It may have been done. Send the same command again: a post under its \`clientIntentionId\` stays one
  intention, and gets the answer that it would have had.
- **429 and 503** come with \`Retry-After\`, in seconds.

The TypeScript client throws \`ParleyError\` with the code. Two codes are its own: \`UNREACHABLE\` (status 0), nobody answered, so a command
may or may not have been done; and \`UNREADABLE\`, what answered was no Parley server.`;

export function errorsPage(): string {
  return paragraphs(
    '# Errors',
    intro,
    '## Refusals over HTTP',
    problems,
    problemTable(),
    '## Errors that end a verb or stop a shard',
    'The command line says these in one line, without a stack, and ends with the exit code. A running server logs the code, stops the shard, and opens it again where that can help.',
    fatalTable(),
    '## Order flow that cannot be read',
    '`parley run` names file and line, and ends with exit code 2.',
    table(
      ['code', 'means'],
      Object.entries(flowErrors).map(([name, says]) => [code(name), prose(says)]),
    ),
    '## Findings of the audit',
    'What `parley audit` can find. A violation makes the exit code 3 (4 where the log is damaged or lacks something); a note does not. [The invariants](../concepts/invariants.md) say what their numbers mean.',
    findingTable(),
  );
}

function problemTable(): string {
  const rows = Object.entries(statusOf)
    .map(([name, status]) => ({ name: name as ProblemCode, status })) // its own names
    .sort((one, other) => one.status - other.status)
    .map(({ name, status }) => [String(status), code(name), prose(saysOf(name)), prose(remedyOf[name])]);
  return table(['status', 'code', 'means', 'what to do'], rows);
}

function saysOf(name: ProblemCode): string {
  return name in refusals
    ? refusals[name as keyof typeof refusals]
    : serverCodeSays[name as keyof typeof serverCodeSays];
}

function fatalTable(): string {
  const rows = Object.entries(fatalErrors).map(([name, { exit, says, remedy }]) => [
    String(ExitCode[exit]),
    code(name),
    prose(says),
    prose(remedy),
  ]);
  return table(['exit', 'code', 'means', 'what to do'], rows);
}

function linkTo(number: InvariantNumber): string {
  return `[${number}](../concepts/invariants.md#${anchorOf(`${number} ${invariants[number].name}`)})`;
}

function findingTable(): string {
  const rows = Object.entries<FindingKind>(findingKinds).map(([name, { says, severity = 'violation', invariant }]) => [
    code(name),
    prose(says),
    severity,
    invariant === undefined ? '' : linkTo(invariant),
  ]);
  return table(['code', 'means', 'severity', 'invariant'], rows);
}
