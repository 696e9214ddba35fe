import { say } from '../../support/rig.js';
import type { Round } from '../rounds.js';
import type { Asked } from './asked.js';
import type { CheckResult } from './checker.js';

/** Of the longest name of a kind of fault. */
const WIDTH = 17;

export function sayRound({ number, kind, seconds, acknowledged }: Round): void {
  const words = [`round ${String(number).padStart(3)}`, kind.padEnd(WIDTH), `${seconds.toFixed(1).padStart(5)} s`];
  say(`${words.join('  ')}  ${grouped(acknowledged)} acknowledged`);
}

/** What was done to a cluster, and how it took it. */
export interface Endured {
  readonly asked: Pick<Asked, 'commands' | 'written'>;
  /** Over HTTP. */
  readonly triedAgain: number;
  /** How often each fault was done. */
  readonly faults: ReadonlyMap<string, number>;
  /** How long shards were without an answer, by kind of fault, in milliseconds. */
  readonly silencesMs: ReadonlyMap<string, readonly number[]>;
  /** How long members took to take shards over, as they say. */
  readonly takeOversMs: readonly number[];
}

/** What a cluster came through that kept its promises. */
export function summarize({ asked, triedAgain, faults, silencesMs, takeOversMs }: Endured, result: CheckResult): void {
  const { commands, written } = asked;
  const unknown = commands.length - written;
  say('');
  say(`asked over HTTP    ${grouped(result.acknowledged)} acknowledged, ${grouped(triedAgain)} tries again`);
  say(
    `asked by topic     ${grouped(written)} written, ${grouped(unknown)} of which nobody knew, ${grouped(result.deadLetters)} dead letters, ${grouped(result.forwarded)} sent on`,
  );
  say(
    `told by the log    of what has no answer, or none came, ${grouped(result.done)} were done, ${grouped(result.undone)} were not`,
  );
  say(
    `in the logs        ${grouped(result.events)} events, ${grouped(result.intentions)} intentions, ${grouped(result.deals)} deals`,
  );
  say(`asked again        ${grouped(result.repeated)} posts, each with the answer that it had`);
  say(`done to it         ${[...faults].map(([kind, times]) => `${times} ${kind}`).join(', ')}`);
  for (const [kind, durations] of silencesMs) say(`without an answer  ${kind.padEnd(WIDTH)} ${spread(durations)}`);
  if (takeOversMs.length > 0) say(`members’ own say   ${'take-overs'.padEnd(WIDTH)} ${spread(takeOversMs)}`);
}

export function sayKept(startedMs: number): void {
  say(`every promise was kept, in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`);
}

function spread(ms: readonly number[]): string {
  const sorted = [...ms].sort((one, other) => one - other);
  const at = (share: number): string => ((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1_000).toFixed(2);
  return `${at(0)} s at least, ${at(0.5)} s median, ${at(1)} s at most (${sorted.length} times)`;
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
