/** Whether a command prints what a document shows: to the letter, but for what is marked. */
import type { Varying } from './fences.js';

const NUMBER = String.raw`\d[\d,]*(?:\.\d+)?`;

/** Each with what stands in its place. The label of a field tells what its number is where no unit does. */
const MASKS: Readonly<Record<Varying, readonly (readonly [RegExp, string])[]>> = {
  times: [
    [/\d{4}-\d\d-\d\dT[\d:]+(?:\.\d+)?Z/g, '<time>'],
    [/("\w*[aA]tMs":)\d{13}/g, '$1<time>'],
  ],
  durations: [
    [new RegExp(String.raw`\b${NUMBER} (ms|s|seconds|minutes)\b`, 'g'), '<duration>'],
    [new RegExp(String.raw`^((?:seconds|ms|openMs)\s+)${NUMBER}`, 'gm'), '$1<duration>'],
  ],
  rates: [
    [new RegExp(String.raw`\b${NUMBER}( [a-z]+)? a second`, 'g'), '<rate>$1'],
    [new RegExp(String.raw`^(\w+ a second\s+)${NUMBER}`, 'gm'), '$1<rate>'],
  ],
  digests: [[/\b[0-9a-f]{64}\b/g, '<digest>']],
  hosts: [[/\b[\w.-]+(?=:70\d\d\b)/g, '<host>']],
  numbers: [[/\d[\d,.:-]*/g, '<number>']],
  keys: [[/\b[0-9a-f]{12}\b/g, '<key>']],
};

/**
 * Whether `printed` is what is `shown`. A line of the shown text that is only `…` stands for any lines, and `…` within a line for any
 * text. Where something varies, so does the width of its column, and spaces count as one.
 */
export function isShown(shown: string, printed: string, varying: readonly Varying[]): boolean {
  return patternOf(masked(shown, varying)).test(`${masked(printed, varying)}\n`);
}

function masked(text: string, varying: readonly Varying[]): string {
  const lines = text
    .replace(/\s+$/, '')
    .split('\n')
    .map((line) => line.trimEnd());
  let result = lines.join('\n');
  for (const kind of varying) for (const [found, mark] of MASKS[kind]) result = result.replace(found, mark);
  return varying.length === 0 ? result : result.replace(/ +/g, ' ').replace(/^ /gm, '');
}

function patternOf(shown: string): RegExp {
  const lines = shown.split('\n').map((line) => (line === '…' ? '(?:.*\n)*?' : `${escaped(line)}\n`));
  return new RegExp(`^${lines.join('')}$`);
}

function escaped(line: string): string {
  return line.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('…', '.*');
}
