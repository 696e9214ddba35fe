import type { HarmKind } from './harms.js';

export const WIDTH = 12;

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function sayRound(round: number, kind: HarmKind, told: { seconds: number; acknowledged: number }): void {
  const { seconds, acknowledged } = told;
  say(
    `round ${String(round).padStart(3)}  ${kind.padEnd(WIDTH)} ${seconds.toFixed(1).padStart(5)} s  ${grouped(acknowledged)} acknowledged`,
  );
}

export function grouped(count: number): string {
  return count.toLocaleString('en');
}
