/** `docs/reference/order-flow.md`: what `parley run` plays, from the tables that it is read and judged by. */
import { ExitCode } from '../../../src/app/exit.js';
import { expectations } from '../../../src/flow/checks/findings.js';
import { flowErrors } from '../../../src/flow/flow-error.js';
import { lobsterTypes } from '../../../src/flow/lobster/lobster-row.js';
import { skipReasons } from '../../../src/flow/lobster/record.js';
import { type Form, formList } from '../../../src/flow/script/forms.js';
import { LOOK_AHEAD_LINES, MAX_EXPECTATIONS } from '../../../src/flow/script/script-builder.js';
import { MAX_LINE_BYTES } from '../../../src/flow/text/line-splitter.js';
import { code, fence, paragraphs, prose, table } from '../markdown.js';

const number = (value: number): string => value.toLocaleString('en-US');

const intro = `What [\`parley run\`](command-line.md#parley-run) plays into the real exchange: files that give commands, and say what must come of
them. There are two formats, which are recognised by their first line: [scripts](#scripts), in Parley's own notation, and
[LOBSTER messages](#lobster-messages), in which venues record their day. [A morning](../../examples/morning/morning.flow) has everything
that a script can say.

Whatever is expected is compared with the durable log, not with what the exchange answered; refusals alone, which leave nothing in the
log, are compared with the answer. A file may be compressed with gzip, whatever it is called, and \`-\` is standard input.`;

const scripts = `A script is text, UTF-8, one command or one expectation a line. An expectation belongs to the command above it, and a command
may have as many as it likes; all of them speak of the moment after it. Of a new scenario only \`book\` and \`top\` can be expected (and
\`rejected\`, where an \`instrument\` line follows it), of an \`at\` line \`expired\` besides, and \`fill\` of an \`uncross\` alone.

- **Fields** are split by exactly one space. Spaces at the end of a line are passed over, and so is a comment, which begins with \`#\` at the
  beginning of a line and with a space and \`#\` anywhere else. A line that is of none of the forms below is refused, with its number and
  with what was expected.
- **PRICE, QTY, VOLUME** are whole numbers below 2^53 in units that the file chooses: cents, ticks, shares. A command may give a negative
  one, to see it refused.
- **ID** is the file's own name for an intention, 1 to 64 printable ASCII characters. Its client id in the log is \`SYMBOL:ID\`.
- **PARTICIPANT** is a name of the exchange. Nobody has to be admitted first.
- **TIME** is \`HH:MM\`, \`HH:MM:SS\` or \`HH:MM:SS.mmm\`, counted from the beginning of the scenario; hours go on beyond 24, to 99.
- **Capitals** stand for a value, a bar for a choice, brackets for what may be left out. Options at the end of a line may stand in any order.
- **Bounds:** a line has ${number(MAX_LINE_BYTES)} bytes at most, a command ${number(MAX_EXPECTATIONS)} expectations, and a scenario that is to begin
  in call phase without saying so comes to its \`uncross\` within ${number(LOOK_AHEAD_LINES)} lines.`;

const instrument = `The instrument of a scenario is named after it. That of a file without a \`scenario\` line is named by its first comment,
where that begins with a venue and a symbol (\`# XNYS ACME …\`), and after the file otherwise; \`--instrument\` goes before both. A symbol that
the log knows already gets a number: \`ACME.2\`.`;

const time = `A flow has a time of its own, so that the same flow makes the same log each time, byte for byte. It begins in the year 2000, at
midnight, or where the log that it is played into stands; each command is a millisecond later than the one before, and \`at\` lets more time
pass. An intention that is due expires at its own time, between two commands or while an \`at\` line lets time pass.`;

const auction = `An \`uncross\` deals at the price that deals most; among such prices, at the one that leaves the least surplus; among those, at the
highest where buyers are in surplus and at the lowest where sellers are. Both sides are then paired off from their fronts: intentions at
market first, then the better limit, then the earlier one. What this does not say by itself:

- Only limits that stand in the book are candidates for the price. Where all intentions are at market, nothing deals.
- Where the sides balance at several of these limits, or the surplus changes sides between two of them, the price is the middle of the outer
  two, rounded down to a tick.
- In a call phase \`book\` and \`top\` show limits alone: an intention at market stands on no level, though the auction deals it first. The
  book of a call may be crossed.
- What the auction leaves of intentions at market is withdrawn; the rest stays for the next auction, or for continuous trading.
- Within a command the book may stand crossed: between the events of a handshake the arriving intention is in the book beside the one that
  it deals with. \`book\` and \`top\` lines speak of the end of the command; \`parley book --at\` can show what is between.`;

const lobster = `A message file of [LOBSTER](https://lobsterdata.com/info/DataStructure.php): the columns time, type, order id, size, price (dollars ×
10,000) and direction (1 for a buyer's order, -1 for a seller's), with or without a header or a seventh column. Times are not played.
An exchange of price-time priority is held against the record, or the record against it:`;

const following = `**After a mismatch the record is followed.** What the exchange dealt otherwise is put back where it stood, and what the record says was
executed is taken away; so later rows are judged by themselves. An order that would deal where the record leaves it standing is kept off the book
until it no longer would. Orders that had a part in a mismatch are in doubt from then on: where one of them is in the way of a later row it
is taken off the book first, and where a row about one does not go with what the record said before it is counted as \`inDoubt\` and
judged no further. So one wrong row is one mismatch, at its own line or, where nothing contradicts it there, at the first line that does.

**Orders from before the file** are unknown to the exchange. Executions of them are skipped, cancellations and deletions of them are refused and
tolerated, and both are counted.

The report says of the executions how many were as recorded, how many otherwise (with another order, at another price, of another size), and how
many were not made at all; with \`--json\`, in \`executions\`. Rows that ask nothing of the exchange are counted in \`rowsSkipped\`, by reason:`;

const exits = `\`parley run\` prints how many expectations of each kind held, and the first that did not with file and line, what was expected and what
came. With \`--json\` it prints an object a file, with \`expectations\` (of each kind \`held\` and \`failed\`), \`mismatches\` and \`stateDigest\`.`;

export function orderFlowPage(): string {
  return paragraphs(
    '# Order flow',
    intro,
    '## Scripts',
    scripts,
    '## Commands',
    ...formList.filter(({ is }) => is === 'command').map(section),
    '## Expectations',
    ...formList.filter(({ is }) => is === 'expectation').map(section),
    '## The instrument’s name',
    instrument,
    '## Time',
    time,
    '## Auctions and the book',
    auction,
    '## LOBSTER messages',
    lobster,
    table(
      ['type', 'is', 'becomes'],
      Object.entries(lobsterTypes).map(([type, [says, becomes]]) => [code(type), prose(says), prose(becomes)]),
    ),
    following,
    says(['reason', 'is'], skipReasons),
    '## What is counted',
    exits,
    says(['kind', 'holds where'], expectations),
    table(
      ['exit code', 'means'],
      [
        [code(String(ExitCode.Fine)), 'all that was expected held'],
        [code(String(ExitCode.Violated)), 'something did not'],
        [
          code(String(ExitCode.Usage)),
          'the file cannot be read on, for one of the reasons below; what came before that was played',
        ],
        [code(String(ExitCode.Failure)), 'the exchange stopped: its log could not be written'],
      ],
    ),
    says(['error', 'means'], flowErrors),
  );
}

function section({ syntax, means, example }: Form): string {
  const [keyword = ''] = syntax.split(' ');
  return paragraphs(`### ${keyword}`, fence('text', syntax), prose(means), `For example \`${example}\`.`).trimEnd();
}

function says(head: readonly string[], entries: Readonly<Record<string, string>>): string {
  return table(
    head,
    Object.entries(entries).map(([name, text]) => [code(name), prose(text)]),
  );
}
