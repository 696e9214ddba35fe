import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 inline more. The turns of a shard are many small functions, because that is how they can be read; V8's default budget is
 * spent before it has seen half of them. Measured in interleaved pairs: a fifth less time an intention; with twice this budget more.
 * To be called before the first turn runs; it changes nothing but speed.
 */
export function tuneCompiler(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000');
  setFlagsFromString('--max-inlined-bytecode-size-small=100');
  setFlagsFromString('--max-inlined-bytecode-size=1000');
}
