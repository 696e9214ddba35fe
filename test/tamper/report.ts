/** Prints the results of rounds: each finding as it is found, and a table at the end. */
import type { TamperOptions } from './options.js';
import type { Round } from './round.js';

interface Row {
  rounds: number;
  /** How often each outcome, or remark, came. */
  readonly outcomes: Map<string, number>;
  findings: number;
}

const NAME_WIDTH = 52;

export class Report {
  findings = 0;
  private readonly rows = new Map<string, Row>();

  constructor(
    private readonly options: TamperOptions,
    private readonly say: (text: string) => void,
  ) {}

  add(number: number, { operation, did, outcome, findings, remarks = [], folder }: Round): void {
    const row = this.rowOf(operation);
    row.rounds++;
    for (const each of did === undefined ? ['nothing to do'] : [outcome, ...remarks]) {
      row.outcomes.set(each, (row.outcomes.get(each) ?? 0) + 1);
    }
    if (findings.length === 0) return;
    row.findings++;
    this.findings++;
    const { seed, isKept } = this.options;
    this.say(
      `\nround ${number} of seed ${seed}: ${operation} (${did ?? 'nothing to do'}); ${[outcome, ...remarks].join(', ')}`,
    );
    for (const finding of findings) this.say(`  ${finding.trimEnd().replaceAll('\n', '\n    ')}`);
    this.say(`  again: npm run tamper -- ${this.again(number)}`);
    if (isKept) this.say(`  its folder is kept: ${folder}`);
  }

  sum(): void {
    this.say('');
    for (const [name, { rounds, outcomes, findings }] of [...this.rows].sort(([one], [other]) =>
      one < other ? -1 : 1,
    )) {
      const counted = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
      const found = findings === 0 ? '' : `; FINDINGS ${findings}`;
      this.say(`${name.padEnd(NAME_WIDTH)} ${String(rounds).padStart(4)}  ${counted}${found}`);
    }
    const { seed, rounds, log } = this.options;
    const result = this.findings === 0 ? 'nothing was lost unsaid' : `${this.findings} rounds with findings`;
    this.say(`${rounds} rounds on ${log}, seed ${seed}: ${result}`);
  }

  private again(round: number): string {
    const { seed, log, only } = this.options;
    const chosen = only.length === 0 ? '' : ` --only '${only.join(',')}'`;
    return `--log ${log} --seed ${seed} --from ${round} --rounds 1${chosen}`;
  }

  private rowOf(operation: string): Row {
    const known = this.rows.get(operation);
    if (known !== undefined) return known;
    const row: Row = { rounds: 0, outcomes: new Map(), findings: 0 };
    this.rows.set(operation, row);
    return row;
  }
}
