/** What is checked, in the order in which it is reported, and what it means that it holds. */
export const expectations = {
  accepted: 'a command without a `rejected` line is taken',
  rejected: 'a command with one is refused, for the reason that it names, if it names one',
  deal: 'a `deal` line is the next deal',
  noDeal: 'a command makes no deal beyond those that are listed: one check a command',
  uncross: 'price and volume of an auction are those of its `uncross` line',
  fill: 'a `fill` line is all that its intention dealt in the auction, and nobody dealt who is not named',
  book: 'the book after the command is that of a `book` line',
  top: 'the best levels after the command are those of a `top` line',
  expired: 'an intention expires where an `expired` line says so, and no other does',
  withdrawn: 'an intention is withdrawn as a `withdrawn` line says, and no other is as a self-trade',
  execution: 'LOBSTER: an execution of a visible order is one deal with that order, at that price and of that size',
} as const;

export type ExpectationKind = keyof typeof expectations;

export const expectationKinds = Object.keys(expectations) as readonly ExpectationKind[]; // its own keys

/** How many expectations of each kind held, and how many did not. */
export interface Tally {
  readonly kinds: Readonly<Record<ExpectationKind, { held: number; failed: number }>>;
  /** Commands refused because they named an intention from before the flow began. */
  refusalsTolerated: number;
  /** Of the executions that failed, how many made no deal at all; the others were with another order, price or size. */
  executionsNotMade: number;
}

/** An expectation that did not hold. */
export interface Mismatch {
  readonly file: string;
  /** 1-based: the expectation's, or the command's where no line states what was expected. */
  readonly line: number;
  readonly kind: ExpectationKind;
  /** Both in the notation of the line format, as far as it has one. */
  readonly expected: string;
  readonly got: string;
}

/** A tally of nothing checked yet, for `checkStep` to add to. */
export function emptyTally(): Tally {
  const none = expectationKinds.map((kind) => [kind, { held: 0, failed: 0 }] as const);
  return { kinds: Object.fromEntries(none) as Tally['kinds'], refusalsTolerated: 0, executionsNotMade: 0 }; // it has every kind
}

/** How many expectations did not hold. */
export function failedCount(tally: Tally): number {
  return expectationKinds.reduce((sum, kind) => sum + tally.kinds[kind].failed, 0);
}

/** Collects what one step's checks find. */
export class Findings {
  readonly mismatches: Mismatch[] = [];

  constructor(
    private readonly file: string,
    readonly tally: Tally,
  ) {}

  held(kind: ExpectationKind): void {
    this.tally.kinds[kind].held += 1;
  }

  failed(kind: ExpectationKind, line: number, expected: string, got: string): void {
    this.tally.kinds[kind].failed += 1;
    this.mismatches.push({ file: this.file, line, kind, expected, got });
  }
}
