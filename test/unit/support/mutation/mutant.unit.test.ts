import { describe, expect, it } from 'vitest';
import { type Mutant, mutated } from '../../../support/mutation/mutant.js';

const mutant = (text: string, by: string): Mutant => ({
  name: 'example',
  what: 'an example',
  file: 'src/example.ts',
  replacements: [{ text, by }],
});

describe('a mutant', () => {
  it('A mutant is its source with the one place replaced, whatever the replacement holds', () => {
    expect(mutated(mutant('b', '$& $1'), 'a b c')).toBe('a $& $1 c');
  });

  it('A mutant is refused where its text is not there, or is there twice', () => {
    expect(() => mutated(mutant('x', ''), 'a b c')).toThrow('src/example.ts holds this 0 times');
    expect(() => mutated(mutant('a', ''), 'a b a')).toThrow('src/example.ts holds this 2 times');
    expect(() => mutated(mutant('', 'x'), 'a b a')).toThrow('0 times');
  });
});
