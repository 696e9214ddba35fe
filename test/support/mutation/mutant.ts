/**
 * Mutants: wrong versions of the product, to prove that a test which finds nothing would have found something. A mutant is a few exact
 * replacements in one source file; no switch for it is in the product.
 */
export interface Replacement {
  /** Must stand in the file exactly once. */
  readonly text: string;
  readonly by: string;
}

export interface Mutant {
  /** In kebab-case: also the name of its folder. */
  readonly name: string;
  /** What is wrong with it, in words. */
  readonly what: string;
  /** Path of its source from the repository's root. */
  readonly file: string;
  readonly replacements: readonly Replacement[];
}

/** The mutant's source. Throws where a text to be replaced is not there exactly once: the source has moved on, and so must the mutant. */
export function mutated(mutant: Mutant, source: string): string {
  return mutant.replacements.reduce((mutating, { text, by }) => {
    const times = text === '' ? 0 : mutating.split(text).length - 1;
    if (times !== 1) {
      throw new Error(`mutant ${mutant.name}: ${mutant.file} holds this ${times} times, not once: ${text}`);
    }
    return mutating.replace(text, () => by);
  }, source);
}
