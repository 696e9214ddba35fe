import type { SeedFailure, SeedReport } from './seed-run.js';
import { addTally, type Counted, emptyTally, faultKinds, sometimesKinds, type Tally } from './checks/tally.js';

/** From so many seeds on, everything that happens sometimes must have happened. */
const ENOUGH_SEEDS = 500;

/** Gathers what the seeds came to. */
export class Summary {
  private readonly tally: Tally = emptyTally();
  private seeds = 0;
  private lowest: (SeedFailure & { readonly seed: number }) | undefined;

  add({ seed, tally, failure }: SeedReport): void {
    this.seeds++;
    addTally(this.tally, tally);
    if (failure !== undefined && (this.lowest === undefined || seed < this.lowest.seed)) {
      this.lowest = { ...failure, seed };
    }
  }

  /** What was found, of the lowest seed that found something; undefined when nothing was. */
  failure(mutant: string | undefined): string | undefined {
    const { lowest } = this;
    if (lowest === undefined) return this.missing();
    const { seed, step, what, details, trace } = lowest;
    const replay = `npm run simulate -- --seed ${seed}${mutant === undefined ? '' : ` --plant ${mutant}`}`;
    const told = trace.map((line) => `  ${line}`).join('\n');
    return `seed ${seed} failed at step ${step}: ${what}\n${details === '' ? '' : `${details}\n`}\nthe end of its trace:\n${told}\n\nreplay: ${replay}\n`;
  }

  /** What did not happen though it should have: a pass without it would say little. */
  private missing(): string | undefined {
    if (this.seeds < ENOUGH_SEEDS) return undefined;
    const never = [...faultKinds, ...sometimesKinds].filter((kind) => this.tally[kind] === 0);
    return never.length === 0 ? undefined : `these never happened in ${this.seeds} seeds: ${never.join(', ')}\n`;
  }

  table(seconds: number): string {
    const { tally, seeds } = this;
    const line = (name: string, value: number | string): string =>
      `${name.padEnd(32)}${typeof value === 'number' ? value.toLocaleString('en-US') : value}`.trimEnd();
    const counted = (names: readonly Counted[]): string[] =>
      names.map((name) => line(`  ${wordsOf(name)}`, tally[name]));
    return [
      line('seeds', seeds),
      line('commands', tally.commands),
      line('simulated events', tally.events),
      line('log events', tally.logEvents),
      line('deals', tally.deals),
      line('crashes', tally.crashes),
      'faults',
      ...counted(faultKinds),
      'sometimes',
      ...counted(sometimesKinds),
      line('seconds', seconds.toFixed(1)),
      line('seeds a second', (seeds / seconds).toFixed(1)),
      line('simulated events a second', Math.round(tally.events / seconds)),
      '',
    ].join('\n');
  }
}

function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
