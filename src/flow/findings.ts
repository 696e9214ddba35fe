/** What is checked, in the order in which it is reported; `checkStep` says what each means. */
export const expectationKinds = ['accepted', 'rejected', 'deal', 'noDeal', 'uncross', 'fill', 'book', 'top'] as const;
export type ExpectationKind = (typeof expectationKinds)[number];

/** How many expectations of each kind held, and how many did not. */
export interface Tally {
  readonly kinds: Readonly<Record<ExpectationKind, { held: number; failed: number }>>;
  /** Commands refused because they named an intention from before the flow began. */
  refusalsTolerated: number;
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
  return { kinds: Object.fromEntries(none) as Tally['kinds'], refusalsTolerated: 0 }; // it has every kind
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
