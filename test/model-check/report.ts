import { invariants } from '../../projections/invariants.js';
import type { ProtocolMutant } from './mutants.js';
import type { ModelResult } from './worker.js';
import { type Limits, sometimes, type Model } from './model/model.js';

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

/** What is gone through in every model, and which invariants are checked. */
export function headText(): string {
  const checked = Object.entries(invariants).filter(([, { checkers }]) => 'model' in checkers);
  return (
    'models: every interleaving; messages lost, doubled and reordered without limit; deadlines at any moment\n' +
    `  checked: ${checked.map(([number]) => number).join(', ')}\n`
  );
}

/** What came of a model: two lines, and the trace where something is wrong. */
export function modelText(model: Model, result: ModelResult, unseen: readonly string[]): string {
  const { states, transitions, depth, processes, seconds, failure } = result;
  const sizes = [
    count(states, 'state'),
    count(transitions, 'transition'),
    `depth ${depth}`,
    count(processes, 'process').replace('processs', 'processes'),
  ];
  const outcome = failure === undefined ? 'all hold' : `broken after ${failure.steps} steps`;
  const lines = [
    `  ${model.name.padEnd(12)} ${model.what}; ${bounds(model.limits)}`,
    `  ${' '.repeat(12)} ${sizes.join(', ')}, ${seconds.toFixed(1)} s: ${outcome}`,
  ];
  if (failure !== undefined) lines.push('', indented(failure.trace));
  if (unseen.length > 0) lines.push(`  ${' '.repeat(12)} never seen: ${unseen.join('; ')}`);
  return `${lines.join('\n')}\n`;
}

export function mutantText(mutant: ProtocolMutant, { states, seconds, failure }: ModelResult): string {
  const where = `${mutant.model}, ${count(states, 'state')}, ${seconds.toFixed(1)} s`;
  const head = `  ${mutant.name}: ${mutant.what}`;
  if (failure === undefined) return `${head}\n    SURVIVED in ${where}\n`;
  return `${head}\n    caught in ${where}, by a trace of ${count(failure.steps, 'step')}\n\n${indented(failure.trace)}`;
}

/** In how many models each of them was seen. */
export function sometimesText(results: readonly ModelResult[]): string {
  const lines = sometimes.map((one) => {
    const models = results.filter(({ seen }) => seen.includes(one)).length;
    return `  ${models === 0 ? 'NEVER' : String(models).padStart(5)}  ${one}`;
  });
  return `${lines.join('\n')}\n`;
}

function indented(trace: string): string {
  return trace
    .split('\n')
    .map((line) => (line === '' ? '' : INDENT + line))
    .join('\n');
}
