/** `docs/concepts/invariants.md`, as the table of invariants says it. */
import { type FindingKind, findingKinds } from '../../../projections/audit/findings.js';
import { type Invariant, invariants, type Rig, rigs } from '../../../projections/invariants.js';
import { anchorOf, table } from '../markdown.js';

/** From the document to the root of the repository. */
const ROOT = '../..';

const intro = `# The invariants

An invariant is a sentence that holds for every exchange and its log, whatever fails when: a process, a disk, the network, the machine.
A change to the program may change how it keeps them, never what they say. This page states each one, what it is good for, what a
violation looks like, and which code checks it.

## The words

An **intention** is what others call an order: a wish to buy or sell so many **lots** at a limit. Two intentions make a **deal** by a
handshake, each step of which is an event in a log:

1. The **initiator**, which stood first, proposes a deal to the **responder**, and **reserves** its lots for it.
2. The responder accepts, and reserves its own lots; or it declines.
3. The initiator **decides**: the deal is confirmed, or aborted. The decision stands in the log of the initiator’s **shard**. A shard is
   a part of the market with a log of its own; the responder may live in another one.
4. Each side **settles**: what it reserved becomes a **fill** if the deal was confirmed, and is released if not.

Everything can fail between any two of these steps. The invariants say what holds all the same.

## Where they are checked

`;

const numbers = `## What a number means

Findings carry the number of the invariant that they break (\`parley audit --json\` in the field \`invariant\`), and those who asked keep
them. So a number keeps its meaning permanently: it means what the audit means by it. A new invariant takes the next number.

The codes of findings stand in ${link('projections/audit/findings.ts')}. Many break no
invariant of this list: damaged bytes, say, or an auction at a price that its rule does not give.
`;

export function invariantsPage(): string {
  const all = Object.entries<Invariant>(invariants);
  return [intro, rigTable(), '\n\n', matrix(all), '\n\n', ...all.map(section), numbers].join('');
}

export function codesOf(number: string): string[] {
  return Object.entries<FindingKind>(findingKinds).flatMap(([code, { invariant }]) =>
    invariant === number ? [code] : [],
  );
}

function rigTable(): string {
  const rows = Object.values(rigs).map(({ title, command, says, module }) => [
    `**${title}**, ${link(module)}`,
    `\`${command}\``,
    says,
  ]);
  return table(['where', 'command', 'what it does'], rows);
}

function matrix(all: readonly [string, Invariant][]): string {
  const rows = all.map(([number, { name, checkers }]) => [
    `[${number}](#${anchorOf(`${number} ${name}`)})`,
    name,
    ...Object.entries<Rig>(rigs).map(([rig, { runsAudit }]) => {
      if (rig in checkers) return 'yes';
      return runsAudit && 'audit' in checkers ? 'by the audit' : '';
    }),
  ]);
  return table(['', 'name', ...Object.values(rigs).map(({ title }) => title)], rows);
}

function section([number, { name, says, matters, violation, checkers }]: [string, Invariant]): string {
  const codes = codesOf(number).map((code) => `\`${code}\``);
  const found = codes.length === 0 ? 'nothing, since one log alone does not show it' : codes.join(', ');
  const places = Object.entries<Rig>(rigs).flatMap(([rig, { title }]) => {
    const modules = Object.entries(checkers).find(([checked]) => checked === rig)?.[1] ?? [];
    return modules.length === 0 ? [] : [`- ${title}: ${modules.map(link).join(', ')}`];
  });
  return [
    `## ${number}: ${name}`,
    `**${says}**`,
    matters,
    `*A violation:* ${violation}`,
    `The audit finds: ${found}.`,
    'Checked by:',
    places.join('\n'),
  ]
    .join('\n\n')
    .concat('\n\n');
}

function link(module: string): string {
  return `[${module.split('/').slice(-2).join('/')}](${ROOT}/${module})`;
}
