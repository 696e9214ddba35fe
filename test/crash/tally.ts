/** What happened in one scenario, in numbers. */
export class Tally {
  kills = 0;
  acknowledged = 0;
  done = 0;
  undone = 0;
  lostBytes = 0;
  lostNames = 0;
  tornTails = 0;
  seconds = 0;
  /** How often each fault happened: the scenario would prove nothing if none did. */
  readonly faults = new Map<string, number>();
  /** How the scenario was carried out, where there is more than one way. */
  readonly notes = new Set<string>();

  count(fault: string, times = 1): void {
    if (times > 0) this.faults.set(fault, (this.faults.get(fault) ?? 0) + times);
  }

  get row(): readonly string[] {
    const { kills, acknowledged, done, undone, lostBytes, lostNames, tornTails, seconds } = this;
    const numbers = [kills, acknowledged, done + undone, done, undone, lostBytes, lostNames, tornTails];
    return [...numbers.map((number) => number.toLocaleString('en')), seconds.toFixed(1)];
  }

  get remarks(): string {
    const faults = [...this.faults].map(([fault, times]) => `${times.toLocaleString('en')} ${fault}`);
    return [...faults, ...this.notes].join('; ');
  }
}

export const columns = [
  'kills',
  'acknowledged',
  'unknown',
  '= done',
  '+ undone',
  'lost bytes',
  'lost names',
  'torn tails',
  'seconds',
] as const;
