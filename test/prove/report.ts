import { invariants } from '../../projections/invariants.js';
import type { ProtocolMutant } from './mutants.js';
import type { WorldResult } from './worker.js';
import { type Limits, sometimes, type World } from './world.js';

const INDENT = '      ';

function count(value: number, one: string): string {
  return `${value.toLocaleString('en')} ${one}${value === 1 ? '' : 's'}`;
}

function bounds({ crashes, stalls, proposals, lateDecisions }: Limits): string {
  const parts = [count(crashes, 'crash').replace('crashs', 'crashes')];
  if (stalls > 0) parts.push(`${count(stalls, 'sleeper')} taken over`);
  if (lateDecisions) parts.push('a late decision');
  parts.push(`up to ${count(proposals, 'proposal')} each`);
  return parts.join(', ');
}

/** What is gone through in every world, and which invariants are checked. */
export function headText(): string {
  const checked = Object.entries(invariants).filter(([, { checkers }]) => 'model' in checkers);
  return (
    'worlds: every interleaving; letters lost, doubled and reordered without limit; deadlines at any moment\n' +
    `  checked: ${checked.map(([number]) => number).join(', ')}\n`
  );
}

/** What came of a world: two lines, and the story where something is wrong. */
export function worldText(world: World, result: WorldResult, unseen: readonly string[]): string {
  const { states, transitions, depth, lives, seconds, failure } = result;
  const sizes = [
    count(states, 'state'),
    count(transitions, 'transition'),
    `depth ${depth}`,
    count(lives, 'life').replace('lifes', 'lives'),
  ];
  const verdict = failure === undefined ? 'all hold' : `broken after ${failure.steps} steps`;
  const lines = [
    `  ${world.name.padEnd(12)} ${world.what}; ${bounds(world.limits)}`,
    `  ${' '.repeat(12)} ${sizes.join(', ')}, ${seconds.toFixed(1)} s: ${verdict}`,
  ];
  if (failure !== undefined) lines.push('', indented(failure.story));
  if (unseen.length > 0) lines.push(`  ${' '.repeat(12)} never seen: ${unseen.join('; ')}`);
  return `${lines.join('\n')}\n`;
}

export function mutantText(mutant: ProtocolMutant, { states, seconds, failure }: WorldResult): string {
  const where = `${mutant.world}, ${count(states, 'state')}, ${seconds.toFixed(1)} s`;
  const head = `  ${mutant.name}: ${mutant.what}`;
  if (failure === undefined) return `${head}\n    SURVIVED in ${where}\n`;
  return `${head}\n    caught in ${where}, by a story of ${count(failure.steps, 'step')}\n\n${indented(failure.story)}`;
}

/** In how many worlds each of them was seen. */
export function sometimesText(results: readonly WorldResult[]): string {
  const lines = sometimes.map((one) => {
    const worlds = results.filter(({ seen }) => seen.includes(one)).length;
    return `  ${worlds === 0 ? 'NEVER' : String(worlds).padStart(5)}  ${one}`;
  });
  return `${lines.join('\n')}\n`;
}

function indented(story: string): string {
  return story
    .split('\n')
    .map((line) => (line === '' ? '' : INDENT + line))
    .join('\n');
}
